import { newId, type ListRow } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { createTestDatabase, type TestDatabase } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { openIssuanceDatabase } from '../src/database';
import { forgetInLists } from '../src/people/erased-rows';
import { keysOfPerson } from '../src/people/person-keys';

describe('lists of a person who is erased', () => {
  const account = newId('account');
  const otherAccount = newId('account');
  const person = { email: 'ann@example.com', phone: '+447400100200' };
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openIssuanceDatabase(database.url, 2);
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  /** A list of three people: that one, with a phone as its sender wrote it, and another. */
  const insertList = async (accountId: string, finished = false): Promise<string> => {
    const id = newId('job');
    await dataSource.query(
      `insert into job (id, account_id, kind, finished_at) values ($1, $2, 'distribution', $3)`,
      [id, accountId, finished ? new Date() : null],
    );
    const recipients = [
      { email: 'Ann@example.com' },
      { phone: '+44 7400 100200' },
      { email: 'ben@example.com' },
    ];
    for (const [index, recipient] of recipients.entries()) {
      const row: ListRow = { line: index + 1, recipient };
      const name = recipient.email ?? recipient.phone;
      await dataSource.query('insert into list_row (job_id, line, content) values ($1, $2, $3)', [
        id,
        row.line,
        JSON.stringify(row),
      ]);
      await dataSource.query(
        `insert into job_error (job_id, line, recipient, code, message) values ($1, $2, $3, 'code', 'Message')`,
        [id, row.line, name],
      );
    }
    for (const key of ['e:ann@example.com', 'e:ben@example.com'])
      await dataSource.query('insert into list_served (job_id, key) values ($1, $2)', [id, key]);
    return id;
  };
  const namesIn = async (jobId: string) => {
    const read = async (query: string) =>
      (await dataSource.query<{ name: string }[]>(query, [jobId])).map(({ name }) => name);
    return {
      rows: (await read('select content as name from list_row where job_id = $1 order by line')).map(
        (content) => Object.values((JSON.parse(content) as ListRow).recipient).join(),
      ),
      errors: await read('select recipient as name from job_error where job_id = $1 order by line'),
      served: await read('select key as name from list_served where job_id = $1 order by key'),
    };
  };

  it('name them no longer, in their account alone', async () => {
    const open = await insertList(account);
    const over = await insertList(account, true);
    const other = await insertList(otherAccount);
    const before = await namesIn(other);
    const keys = keysOfPerson(person);
    await new Outbox(dataSource).transaction((tx) => forgetInLists(tx, account, person, keys));
    expect(await namesIn(open)).toEqual({
      rows: ['', '', 'ben@example.com'],
      errors: ['', '', 'ben@example.com'],
      served: ['e:ben@example.com'],
    });
    // What was served by a list that is over goes with the list.
    expect((await namesIn(over)).served).toEqual(['e:ann@example.com', 'e:ben@example.com']);
    expect(await namesIn(other)).toEqual(before);
  });
});

import { cleanInbox } from '../src/inbox/inbox-cleaning';
import { effectsDatabase, type Database } from './fixture';

describe('cleaning the inbox', () => {
  let database: Database;
  beforeAll(async () => {
    database = await effectsDatabase();
  });
  afterAll(() => database.drop());

  it('deletes rows handled over seven days ago, and keeps those whose event a transport may redeliver', async () => {
    const dataSource = await database.connect();
    try {
      await dataSource.query(
        `insert into inbox (queue, event_id, attempt, handled_at)
         select 'issuance.events', name, 1, now() - age::interval
         from (values ('new', '0'), ('repeatable', '6 days 23 hours'), ('old', '7 days 1 hour')) as row (name, age)`,
      );
      await cleanInbox(dataSource);
      const kept = await dataSource.query<{ event_id: string }[]>('select event_id from inbox order by 1');
      expect(kept.map(({ event_id }) => event_id)).toEqual(['new', 'repeatable']);
    } finally {
      await dataSource.destroy();
    }
  });
});

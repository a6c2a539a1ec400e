import type { DataSource } from 'typeorm';
import { isSerializationFailure, isUniqueViolation, openDatabase, prepared } from '../src';
import { scratchDatabase, type ScratchDatabase } from './scratch-database';

describe('prepared', () => {
  const doubled = { name: 'doubled', text: 'select n * 2 as n from unnest($1::int[]) n' };
  const insert = { name: 'insert', text: 'insert into thing (id) select unnest($1::int[]) returning id' };
  let database: ScratchDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await scratchDatabase();
    dataSource = await openDatabase({
      service: database.service('prepared'),
      url: database.url,
      entities: [],
      migrations: [],
      poolSize: 2,
    });
    await dataSource.query('create table thing (id int primary key)');
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('prepares a statement once a connection and uses it again', async () => {
    for (let i = 0; i < 5; i++) {
      expect(await prepared<{ n: number }>(dataSource, doubled, [[1, 2]])).toEqual([{ n: 2 }, { n: 4 }]);
    }
    const known =
      await dataSource.query(`select generic_plans + custom_plans as plans from pg_prepared_statements
                                          where name = 'doubled'`);
    expect(known).toEqual([{ plans: '5' }]);
  });

  it('reads JSON that comes again once, where the statement says that its rows may share', async () => {
    const text = `select '{"a": 1}'::jsonb as same, jsonb_build_object('n', n) as own, null::jsonb as none
      from generate_series(1, 2) n`;
    const expected = [
      { same: { a: 1 }, own: { n: 1 }, none: null },
      { same: { a: 1 }, own: { n: 2 }, none: null },
    ];
    const apart = await prepared(dataSource, { name: 'apart', text }, []);
    const shared = await prepared(dataSource, { name: 'shared', text, sharesJson: true }, []);

    expect([apart, shared]).toEqual([expected, expected]);
    expect(apart[0].same).not.toBe(apart[1].same);
    expect(shared[0].same).toBe(shared[1].same);
  });

  it('keeps the connection and what is prepared on it when a statement is refused', async () => {
    const [{ pid }] = await dataSource.query('select pg_backend_pid() as pid');
    await prepared(dataSource, insert, [[1]]);
    const error = await prepared(dataSource, insert, [[1]]).catch((thrown: unknown) => thrown);

    expect(isUniqueViolation(error, 'thing_pkey')).toBe(true);
    expect(isSerializationFailure(error)).toBe(false);
    expect(await dataSource.query('select pg_backend_pid() as pid')).toEqual([{ pid }]);
  });

  it('is part of the transaction whose manager it is given', async () => {
    const undone = dataSource.transaction(async (manager) => {
      expect(await prepared(manager, insert, [[7]])).toEqual([{ id: 7 }]);
      throw new Error('undo');
    });

    await expect(undone).rejects.toThrow('undo');
    expect(await dataSource.query('select * from thing where id = 7')).toEqual([]);
  });

  it('refuses another text under a name that is taken', async () => {
    await prepared(dataSource, doubled, [[1]]);
    await expect(prepared(dataSource, { name: 'doubled', text: 'select 1' }, [])).rejects.toThrow(/unique/);
  });

  it('tells a deadlock as something to try again', async () => {
    await dataSource.query('insert into thing values (21), (22)');
    const lock = { name: 'lock', text: 'select id from thing where id = $1 for update' };
    const locked: (() => void)[] = [];
    const bothLocked = Promise.all([
      new Promise<void>((r) => locked.push(r)),
      new Promise<void>((r) => locked.push(r)),
    ]);
    const crossing = [
      [21, 22],
      [22, 21],
    ].map(([first, second], index) =>
      dataSource.transaction(async (manager) => {
        await prepared(manager, lock, [first]);
        locked[index]();
        await bothLocked;
        await prepared(manager, lock, [second]);
      }),
    );

    const failures = (await Promise.allSettled(crossing)).filter((result) => result.status === 'rejected');
    expect(failures).toHaveLength(1);
    expect(isSerializationFailure(failures[0].reason)).toBe(true);
  });

  it('survives its connection being ended under a statement', async () => {
    const ending = prepared(
      dataSource,
      { name: 'end', text: 'select pg_terminate_backend(pg_backend_pid())' },
      [],
    );

    // The role of a service may not end other backends, but its own session's user owns this one.
    await ending.catch(() => undefined);
    expect(await prepared(dataSource, doubled, [[4]])).toEqual([{ n: 8 }]);
  });
});

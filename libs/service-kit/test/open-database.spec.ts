import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import {
  DatabaseSetupError,
  isDatabaseUnavailable,
  isUniqueViolation,
  metricsText,
  openDatabase,
} from '../src';
import { lateProxy, unusedPort } from './late-proxy';
import { databaseUrl, scratchDatabase, type ScratchDatabase } from './scratch-database';

class CreateThing0000000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table thing (id int primary key, name text)');
    await runner.query(`insert into thing values (1, 'made by the migration')`);
  }
  async down(): Promise<void> {}
}

class AddThing0000000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // No `on conflict`: a second run would fail.
    await runner.query(`insert into thing values (2, current_setting('statement_timeout'))`);
  }
  async down(): Promise<void> {}
}

class FailHalfway0000000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table half (id int)');
    await runner.query('select no_such_function()');
  }
  async down(): Promise<void> {}
}

const migrations = [CreateThing0000000000001, AddThing0000000000002];

describe('openDatabase', () => {
  let database: ScratchDatabase;
  const open: DataSource[] = [];

  const opened = async (service: string, url = database.url): Promise<DataSource> => {
    const dataSource = await openDatabase({ service, url, entities: [], migrations, poolSize: 2 });
    open.push(dataSource);
    return dataSource;
  };

  beforeEach(async () => {
    database = await scratchDatabase();
  });
  afterEach(async () => {
    for (const dataSource of open.splice(0)) if (dataSource.isInitialized) await dataSource.destroy();
    await database.drop();
  });

  it('works in a schema of its own as a role of its own', async () => {
    const service = database.service('issuance');
    const dataSource = await opened(service);

    const [row] = await dataSource.query(
      `select current_user as role, current_schema() as schema, current_setting('application_name') as name,
              current_setting('statement_timeout') as timeout`,
    );
    expect(row).toEqual({ role: `tearoff_${service}`, schema: service, name: service, timeout: '1min' });
    const owners = await database.query(`select tableowner from pg_tables where schemaname = $1`, [service]);
    expect(new Set(owners.map((owner) => JSON.stringify(owner)))).toEqual(
      new Set([JSON.stringify({ tableowner: `tearoff_${service}` })]),
    );
  });

  it('lets no service read, write or add to the schema of another, or add to public', async () => {
    const issuance = database.service('issuance');
    const redemption = await opened(database.service('redemption'));
    await opened(issuance);

    for (const statement of [
      `select * from ${issuance}.thing`,
      `insert into ${issuance}.thing values (9, 'x')`,
      `create table ${issuance}.mine (id int)`,
      `create table public.mine (id int)`,
    ]) {
      await expect(redemption.query(statement)).rejects.toMatchObject({ driverError: { code: '42501' } });
    }
  });

  it('keeps its role after RESET ROLE and on every connection of the pool', async () => {
    const service = database.service('issuance');
    const dataSource = await opened(service);
    const one = dataSource.createQueryRunner();
    const two = dataSource.createQueryRunner();

    await one.query('reset role');
    for (const runner of [one, two]) {
      expect(await runner.query('select current_user::text as role')).toEqual([
        { role: `tearoff_${service}` },
      ]);
      await runner.release();
    }
  });

  it('runs each migration once, without a time limit, when five processes start at once', async () => {
    const service = database.service('issuance');
    const all = await Promise.all(Array.from({ length: 5 }, () => opened(service)));

    for (const dataSource of all) {
      expect(await dataSource.query('select * from thing order by id')).toEqual([
        { id: 1, name: 'made by the migration' },
        { id: 2, name: '0' },
      ]);
      expect(await dataSource.query(`show statement_timeout`)).toEqual([{ statement_timeout: '1min' }]);
    }
    expect(await all[0].query('select name from migration order by id')).toEqual([
      { name: 'CreateThing0000000000001' },
      { name: 'AddThing0000000000002' },
    ]);
  });

  it('sets up one service in two databases of a cluster at once', async () => {
    const other = await scratchDatabase();
    try {
      const service = database.service('issuance');
      const sources = await Promise.all([opened(service), opened(service, other.url)]);
      for (const source of sources)
        expect(await source.query('select count(*)::int from thing')).toEqual([{ count: 2 }]);
    } finally {
      await Promise.all(open.splice(0).map((dataSource) => dataSource.destroy()));
      await other.drop();
    }
  });

  it('rolls a failing migration back, keeps the ones before it and leaves no connection', async () => {
    const service = database.service('issuance');
    const failing = openDatabase({
      service,
      url: database.url,
      entities: [],
      migrations: [...migrations, FailHalfway0000000000003],
      poolSize: 1,
    });

    await expect(failing).rejects.toThrow(/no_such_function/);
    expect(await database.query(`select to_regclass($1) as half`, [`${service}.half`])).toEqual([
      { half: null },
    ]);
    expect(await database.query(`select name from ${service}.migration`)).toHaveLength(2);
    const dataSource = await opened(service);
    const connections = await dataSource.query(
      `select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
         and state <> 'idle' and backend_type = 'client backend'`,
    );
    expect(connections).toEqual([{ count: 0 }]);
  });

  it('sets up roles as a user who is no superuser but may make roles', async () => {
    const login = await database.login('createrole');
    await database.query(`grant create on database ${database.name} to ${login.user}`);
    const service = database.service('issuance');

    const dataSource = await opened(service, login.url);
    expect(await dataSource.query('select current_user::text as role')).toEqual([
      { role: `tearoff_${service}` },
    ]);
    await (await opened(service, login.url)).query('select * from thing');
  });

  it('works as a user who may make no roles and owns the schema that was prepared for it', async () => {
    const login = await database.login('nocreaterole');
    const service = database.service('issuance');
    await database.query(`create schema ${service} authorization ${login.user}`);

    const dataSource = await opened(service, login.url);
    expect(await dataSource.query('select current_user::text as role, current_schema() as schema')).toEqual([
      { role: login.user, schema: service },
    ]);
    expect(await dataSource.query('select count(*)::int from thing')).toEqual([{ count: 2 }]);
  });

  it('says what to do when the user may set up nothing', async () => {
    const login = await database.login('nocreaterole');

    const refused = opened(database.service('issuance'), login.url);
    await expect(refused).rejects.toThrow(DatabaseSetupError);
    await expect(refused).rejects.toThrow(/CREATEROLE.*CREATE on the database.*make schema "issuance_/s);
  });

  it('says what to do when the schema belongs to someone else', async () => {
    const service = database.service('issuance');
    await database.query(`create schema ${service}`);

    await expect(opened(service)).rejects.toThrow(
      /belongs to ".*", not to "tearoff_issuance_.*reassign owned/s,
    );
  });

  it('keeps options that the connection string brings and adds its own', async () => {
    const service = database.service('issuance');
    const url = `${database.url}?options=${encodeURIComponent('-c work_mem=12MB -c search_path=elsewhere')}`;

    const [row] = await (
      await opened(service, url)
    ).query(
      `select current_setting('work_mem') as memory, current_schema() as schema, current_user::text as role`,
    );
    expect(row).toEqual({ memory: '12MB', schema: service, role: `tearoff_${service}` });
  });

  it('counts its connections for Prometheus until it is destroyed', async () => {
    const service = database.service('issuance');
    const dataSource = await opened(service);
    const line = `tearoff_database_connections{service="${service}",state="idle"} 1`;

    expect((await metricsText()).body).toContain(line);
    await dataSource.destroy();
    expect((await metricsText()).body).not.toContain(service);
  });

  it('tells a unique violation by its constraint', async () => {
    const dataSource = await opened(database.service('issuance'));
    const error = await dataSource.query('insert into thing values (1)').catch((thrown: unknown) => thrown);

    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, 'thing_pkey')).toBe(true);
    expect(isUniqueViolation(error, 'another')).toBe(false);
    expect(isDatabaseUnavailable(error)).toBe(false);
  });
});

describe('a database that is not there', () => {
  it('is named without its credentials, as soon as patience ends', async () => {
    const port = await unusedPort();
    const failing = openDatabase({
      service: 'issuance',
      url: `postgres://root:s3cret@127.0.0.1:${port}/shop`,
      entities: [],
      migrations: [],
      patienceMs: 200,
    });

    await expect(failing).rejects.toThrow(`127.0.0.1:${port}/shop cannot be used`);
    await expect(failing).rejects.not.toThrow(/s3cret/);
  });

  it('is not waited for when it refuses the database name', async () => {
    const url = new URL(databaseUrl);
    url.pathname = '/no_such_database';

    await expect(
      openDatabase({ service: 'issuance', url: url.href, entities: [], migrations: [] }),
    ).rejects.toThrow(/no_such_database/);
  });

  it('is used as soon as it answers', async () => {
    const database = await scratchDatabase();
    const port = await unusedPort();
    const real = new URL(database.url);
    const url = new URL(database.url);
    url.hostname = '127.0.0.1';
    url.port = String(port);
    try {
      const opening = openDatabase({
        service: database.service('issuance'),
        url: url.href,
        entities: [],
        migrations,
        poolSize: 1,
      });
      const proxy = await lateProxy(port, real);
      const dataSource = await opening;
      expect(await dataSource.query('select count(*)::int from thing')).toEqual([{ count: 2 }]);

      proxy.cut();
      const error = await dataSource.query('select 1').catch((thrown: unknown) => thrown);
      expect(isDatabaseUnavailable(error)).toBe(true);
      await dataSource.destroy();
      expect(
        isDatabaseUnavailable(await dataSource.query('select 1').catch((thrown: unknown) => thrown)),
      ).toBe(true);
      await proxy.close();
    } finally {
      await database.drop();
    }
  });
});

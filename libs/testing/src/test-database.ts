import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { adminUrl, databaseUrl, withAdmin } from './admin-connection';

/** A database that belongs to one test file. */
export interface TestDatabase {
  url: string;
  /** Removes it, ending the connections that are still open. */
  drop: () => Promise<void>;
}

const prefix = 'tearoff_test_';
const abandonedAfterSeconds = 2 * 3600;
let swept = false;

/** Creates an empty database on TEST_DATABASE_URL's server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `${prefix}${nowInSeconds().toString(36)}_${randomBytes(6).toString('hex')}`;
  await withAdmin(async (client) => {
    if (!swept) {
      swept = true;
      await dropAbandoned(client);
    }
    await client.query(`create database ${name}`);
  });
  return {
    url: databaseUrl(name),
    drop: () =>
      withAdmin(async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

/** The server's own connection string: a superuser's, and not a database to put anything into. */
export function testServerUrl(): string {
  return adminUrl();
}

/** What killed runs left behind: their names say when they were made. */
async function dropAbandoned(client: Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database d where starts_with(datname, $1)
      and not exists (select from pg_stat_activity a where a.datname = d.datname)`,
    [prefix],
  );
  for (const { datname } of rows) {
    const madeAt = Number.parseInt(datname.slice(prefix.length), 36);
    if (nowInSeconds() - madeAt > abandonedAfterSeconds)
      await client.query(`drop database if exists ${datname}`);
  }
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

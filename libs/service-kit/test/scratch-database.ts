import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export const databaseUrl = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export interface ScratchDatabase {
  name: string;
  url: string;
  /** A service name that no one else uses: its role belongs to the whole cluster. */
  service(noun: string): string;
  /** The same database for a login of its own, made with these attributes. */
  login(attributes: string): Promise<{ user: string; url: string }>;
  /** Runs SQL as the superuser. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** An empty database with all the roles that come to be in it; `drop` removes both. */
export async function scratchDatabase(): Promise<ScratchDatabase> {
  const tag = randomBytes(5).toString('hex');
  const name = `kit_${tag}`;
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  await onServer((client) => client.query(`create database ${name}`));
  return {
    name,
    url: url.href,
    service: (noun) => `${noun}_${tag}`,
    login: async (attributes) => {
      const user = `tearoff_login_${tag}`;
      await onServer((client) => client.query(`create role ${user} login password '${tag}' ${attributes}`));
      const own = new URL(url);
      own.username = user;
      own.password = tag;
      return { user, url: own.href };
    },
    query: async (text, values) => (await on(url.href, (client) => client.query(text, values))).rows,
    drop: () =>
      onServer(async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
        const { rows } = await client.query<{ role: string }>(
          `select rolname as role from pg_roles where rolname like $1`,
          [`tearoff\\_%\\_${tag}`],
        );
        for (const { role } of rows) await client.query(`drop role ${role}`);
      }),
  };
}

const onServer = <T>(work: (client: Client) => Promise<T>): Promise<T> => on(databaseUrl, work);

async function on<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

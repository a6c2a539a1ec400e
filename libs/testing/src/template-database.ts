import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { databaseUrl, withAdmin } from './admin-connection';

const prefix = 'tearoff_template_';

/**
 * Migrates a database once per content and keeps it to copy from: returns its name for `createTestDatabase`.
 * `key` is a name and a digest (see `contentKey`); an older digest of the same name is dropped. Any number of
 * processes may ask at once; one migrates, the others wait.
 */
export async function templateDatabase(
  key: string,
  migrate: (url: string) => Promise<void>,
): Promise<string> {
  const [, name = key, digest = ''] = /^(.*)-([0-9a-f]+)$/.exec(key) ?? [];
  const family = `${prefix}${name.toLowerCase().replace(/[^a-z0-9]+/g, '_')}_`;
  const template = `${family}${digest || 'once'}`;
  return withAdmin(async (client) => {
    // Session level: `create database` refuses to run inside a transaction.
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [family]);
    if (await exists(client, template)) return template;
    const draft = `${template}_draft`;
    await client.query(`drop database if exists ${draft} with (force)`);
    await client.query(`create database ${draft}`);
    await migrate(databaseUrl(draft));
    await client.query(`alter database ${draft} rename to ${template}`);
    await dropOlder(client, family, template);
    return template;
  });
}

/** `name-digest` of every file under the folders, e.g. of a service's migrations and entities. */
export function contentKey(name: string, ...folders: string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = files.map((file) => join(file.parentPath, file.name)).sort();
    for (const path of paths) hash.update(path.slice(folder.length)).update(readFileSync(path));
  }
  return `${name}-${hash.digest('hex').slice(0, 16)}`;
}

async function exists(client: Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  return rowCount === 1;
}

async function dropOlder(client: Client, family: string, current: string): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database where datname ~ $1 and datname <> $2`,
    [`^${family}([0-9a-f]+|once)$`, current],
  );
  for (const { datname } of rows) {
    // Being copied at this moment by another checkout's tests: then the next change of content drops it.
    await client.query(`drop database if exists ${datname}`).catch(() => undefined);
  }
}

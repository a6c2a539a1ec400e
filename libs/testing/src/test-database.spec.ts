import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { withAdmin } from './admin-connection';
import { contentKey, templateDatabase } from './template-database';
import { createTestDatabase } from './test-database';

const family = `selftest${randomBytes(4).toString('hex')}`;

afterAll(() =>
  withAdmin(async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      `select datname from pg_database where starts_with(datname, $1)`,
      [`tearoff_template_${family}_`],
    );
    for (const { datname } of rows) await client.query(`drop database ${datname}`);
  }),
);

describe('a test database', () => {
  it('is empty, belongs to the test alone and is gone after drop, whoever is still connected', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await query(one.url, 'create table mine ()');
    expect(await query(other.url, `select to_regclass('mine') as found`)).toEqual([{ found: null }]);

    const lingering = new Client({ connectionString: one.url });
    const ended = new Promise((resolve) => lingering.on('error', resolve));
    await lingering.connect();
    await Promise.all([one.drop(), other.drop()]);
    await ended;
    await expect(query(one.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  });
});

describe('a template database', () => {
  it('is migrated once however many ask, and each copy is its own', async () => {
    let migrations = 0;
    const migrate = async (url: string) => {
      migrations += 1;
      await query(url, 'create table seeded as select 1 as n');
    };
    const names = await Promise.all(
      Array.from({ length: 4 }, () => templateDatabase(`${family}-aa`, migrate)),
    );
    expect([new Set(names).size, migrations]).toEqual([1, 1]);

    const copies = await Promise.all([createTestDatabase(names[0]), createTestDatabase(names[0])]);
    await query(copies[0].url, 'insert into seeded values (2)');
    expect(await query(copies[1].url, 'select n from seeded')).toEqual([{ n: 1 }]);
    await Promise.all(copies.map((copy) => copy.drop()));
  });

  it('replaces the one that was made from older content', async () => {
    const old = await templateDatabase(`${family}-bb`, async () => undefined);
    await templateDatabase(`${family}-cc`, async () => undefined);
    await expect(createTestDatabase(old)).rejects.toThrow(/does not exist/);
  });

  it('is not kept when its migration fails', async () => {
    const failing = () => Promise.reject(new Error('bad migration'));
    await expect(templateDatabase(`${family}-dd`, failing)).rejects.toThrow('bad migration');
    const name = await templateDatabase(
      `${family}-dd`,
      async (url) => void (await query(url, 'create table good ()')),
    );
    const copy = await createTestDatabase(name);
    expect(await query(copy.url, `select to_regclass('good') is not null as found`)).toEqual([
      { found: true },
    ]);
    await copy.drop();
  });
});

describe('a content key', () => {
  it('changes with the name or the content of any file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tearoff-key-'));
    writeFileSync(join(folder, 'one.sql'), 'select 1');
    const first = contentKey('x', folder);
    expect(contentKey('x', folder)).toBe(first);
    writeFileSync(join(folder, 'one.sql'), 'select 2');
    const second = contentKey('x', folder);
    writeFileSync(join(folder, 'two.sql'), '');
    expect(new Set([first, second, contentKey('x', folder)]).size).toBe(3);
    rmSync(folder, { recursive: true });
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

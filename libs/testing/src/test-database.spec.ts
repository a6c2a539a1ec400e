import { Client } from 'pg';
import { createTestDatabase } from './test-database';

describe('a test database', () => {
  it('is empty, belongs to the test alone and is gone after drop, anyone who is still connected', async () => {
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

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

import { createTestDatabase, type TestDatabase } from '@tearoff/testing';
import { openIssuanceDatabase } from '../src/database';
import { OnePhoneOnePerson1700000900000 } from '../src/migrations/0009-one-phone-one-person';

describe('the schema', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is after its migrations what the entities say', async () => {
    const dataSource = await openIssuanceDatabase(database.url, 2);
    try {
      const drift = await dataSource.driver.createSchemaBuilder().log();
      expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('knows a person by one key who was known by an Argentine number without its 9', async () => {
    const dataSource = await openIssuanceDatabase(database.url, 2);
    try {
      const keys = [
        'p:+541160001234',
        'p:+542214567890',
        'p:+5492214567890',
        'p:+548005551234',
        'p:+447400123456',
      ];
      for (const key of keys)
        await dataSource.query(
          `insert into slot (key, campaign_id, period, n, coupon_id) values ($1, 'c', '', 1, $1)`,
          [key],
        );
      const runner = dataSource.createQueryRunner();
      for (let turn = 0; turn < 2; turn++) await new OnePhoneOnePerson1700000900000().up(runner);
      await runner.release();
      const rows = await dataSource.query<{ key: string; coupon_id: string }[]>(
        `select key, coupon_id from slot order by coupon_id`,
      );
      const kept = [...keys].sort().map((key) => ({ key, coupon_id: key }));
      expect(rows).toEqual(
        kept.map((row) => (row.key === 'p:+541160001234' ? { ...row, key: 'p:+5491160001234' } : row)),
      );
    } finally {
      await dataSource.destroy();
    }
  });
});

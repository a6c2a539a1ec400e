import { createTestDatabase, type TestDatabase } from '@tearoff/testing';
import { openIssuanceDatabase } from '../src/database';

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
});

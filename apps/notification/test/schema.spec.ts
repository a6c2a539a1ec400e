import { messagingEntities } from '@tearoff/messaging';
import { openDatabase } from '@tearoff/service-kit';
import { createTestDatabase } from '@tearoff/testing';
import { entities } from '../src/entities';
import { migrations } from '../src/migrations/migrations';

describe("notification's schema", () => {
  it('is what the entities say, and can be taken back', async () => {
    const database = await createTestDatabase();
    const dataSource = await openDatabase({
      service: 'notification',
      url: database.url,
      entities: [...messagingEntities, ...entities],
      migrations,
      poolSize: 2,
    });
    try {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
      for (const _migration of migrations) await dataSource.undoLastMigration();
      const rows: { table_name: string }[] = await dataSource.query(
        `select table_name from information_schema.tables where table_schema = 'notification'`,
      );
      expect(rows.map((row) => row.table_name)).toEqual(['migration']);
    } finally {
      await dataSource.destroy();
      await database.drop();
    }
  });
});

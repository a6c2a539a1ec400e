import { idPattern, newId } from '@tearoff/contracts';
import { messagingEntities } from '@tearoff/messaging';
import { openDatabase } from '@tearoff/service-kit';
import { createTestDatabase } from '@tearoff/testing';
import { entities } from '../src/entities';
import { SuppressedForms1700000010001 } from '../src/migrations/0010-suppressed-forms';
import { migrations } from '../src/migrations/migrations';

const open = (url: string) =>
  openDatabase({
    service: 'notification',
    url,
    entities: [...messagingEntities, ...entities],
    migrations,
    poolSize: 2,
  });

describe("notification's schema", () => {
  it('suppresses both forms of a number that one form of was suppressed before', async () => {
    const database = await createTestDatabase();
    const dataSource = await open(database.url);
    try {
      const known = ['+5491160001234', '+542214567890', '+447400123456', '+541160009999'];
      for (const [at, address] of known.entries())
        await dataSource.query(
          `insert into suppression (id, account_id, channel, address, reason) values ($1, 'a', 'sms', $2, $3)`,
          [newId('suppression'), address, at === 3 ? 'bounce' : 'opt_out'],
        );
      const runner = dataSource.createQueryRunner();
      for (let turn = 0; turn < 2; turn++) await new SuppressedForms1700000010001().up(runner);
      await runner.release();
      const rows: { id: string; address: string }[] = await dataSource.query(
        `select id, address from suppression order by address`,
      );
      expect(rows.map(({ address }) => address)).toEqual(
        [...known, '+541160001234', '+5492214567890'].sort(),
      );
      for (const { id } of rows) expect(id).toMatch(new RegExp(idPattern('suppression')));
    } finally {
      await dataSource.destroy();
      await database.drop();
    }
  });

  it('is what the entities say, and can be taken back', async () => {
    const database = await createTestDatabase();
    const dataSource = await open(database.url);
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

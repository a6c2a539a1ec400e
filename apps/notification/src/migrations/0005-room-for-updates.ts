import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each delivery is updated twice within a moment. With a tenth of a page kept free four of five updates found
 * no room beside the row, and wrote all four indexes again. Room for one beside each, because in one process the relay's
 * transaction is open until a message has gone, and until then nothing can be cleared away.
 */
export class RoomForUpdates1700000005001 implements MigrationInterface {
  name = 'RoomForUpdates1700000005001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table delivery set (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table delivery set (fillfactor = 90)`);
  }
}

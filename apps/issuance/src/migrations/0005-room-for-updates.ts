import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A coupon that is sent is updated when its message has gone, while its page is still filling. With 15 % of the
 * page kept free four of five such updates found no room there, and wrote all of its indexes again.
 */
export class RoomForUpdates1700000500000 implements MigrationInterface {
  name = 'RoomForUpdates1700000500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table coupon set (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table coupon set (fillfactor = 85)`);
  }
}

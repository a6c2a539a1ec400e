import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A delivery is taken and settled within a moment, and in one process nothing is cleared away between the two: with
 * room for one version beside each row, nearly every second update wrote all five indexes again. Room for both.
 */
export class RoomForBothUpdates1700000009001 implements MigrationInterface {
  name = 'RoomForBothUpdates1700000009001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table delivery set (fillfactor = 33)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table delivery set (fillfactor = 50)`);
  }
}

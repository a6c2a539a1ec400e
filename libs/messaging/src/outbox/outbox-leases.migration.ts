import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A relay takes outbox rows by a lease, where it used to delete them in a transaction that stayed open meanwhile. */
export class OutboxLeases1700000000001 implements MigrationInterface {
  name = 'OutboxLeases1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    // Half of each page stays free for the rows as their lease rewrites them: without an entry in any index.
    await runner.query(`
      alter table outbox add column locked_by uuid, add column locked_until timestamptz, set (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table outbox drop column locked_by, drop column locked_until, reset (fillfactor)`,
    );
  }
}

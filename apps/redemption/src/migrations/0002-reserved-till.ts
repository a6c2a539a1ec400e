import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReservedTill1700000002000 implements MigrationInterface {
  name = 'ReservedTill1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table coupon
        add column reserved_terminal_id text collate "C",
        add column reserved_channel text collate "C",
        add column reserved_basket json`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table coupon
        drop column reserved_terminal_id,
        drop column reserved_channel,
        drop column reserved_basket`);
  }
}

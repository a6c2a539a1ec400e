import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PassPhones1700000004000 implements MigrationInterface {
  name = 'PassPhones1700000004000';

  async up(runner: QueryRunner): Promise<void> {
    // When the wallet asked to be told of that pass last: of too many phones with one pass the oldest goes.
    await runner.query(`alter table wallet_pass add column registered_at timestamptz not null default now()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table wallet_pass drop column registered_at`);
  }
}

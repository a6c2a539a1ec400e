import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An imported code may have an end of its own; a job may have warnings. Both are added without a rewrite. */
export class EndsOfCodes1700000700000 implements MigrationInterface {
  name = 'EndsOfCodes1700000700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table stack_code add column valid_to timestamptz`);
    await runner.query(`alter table code_import add column valid_to timestamptz`);
    await runner.query(`alter table job add column if not exists warnings jsonb not null default '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table job drop column warnings`);
    await runner.query(`alter table code_import drop column valid_to`);
    await runner.query(`alter table stack_code drop column valid_to`);
  }
}

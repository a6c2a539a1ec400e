import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An imported code may have an end of its own. Added without a rewrite. */
export class EndsOfCodes1700000700000 implements MigrationInterface {
  name = 'EndsOfCodes1700000700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table stack_code add column valid_to timestamptz`);
    await runner.query(`alter table code_import add column valid_to timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table code_import drop column valid_to`);
    await runner.query(`alter table stack_code drop column valid_to`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class JobWarnings1700000600000 implements MigrationInterface {
  name = 'JobWarnings1700000600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table job add column warnings jsonb not null default '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table job drop column warnings`);
  }
}

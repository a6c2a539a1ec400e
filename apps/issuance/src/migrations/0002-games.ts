import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Games1700000200000 implements MigrationInterface {
  name = 'Games1700000200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table campaign add column game jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table campaign drop column game`);
  }
}

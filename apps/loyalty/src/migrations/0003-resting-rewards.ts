import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RestingRewards1700000003000 implements MigrationInterface {
  name = 'RestingRewards1700000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table enrolment add column resting jsonb not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table enrolment drop column resting`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs are forgotten, but not what may start no other; runs know their trace; webhooks have more than two secrets. */
export class RunsThatEnd1700000004000 implements MigrationInterface {
  name = 'RunsThatEnd1700000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table run add column context jsonb`);
    await runner.query(`
      create table run_key (
        workflow_id text collate "C" not null,
        start_key text collate "C" not null,
        primary key (workflow_id, start_key)
      )`);
    // Beside the columns of the latest, which processes of the version before still read.
    await runner.query(`alter table webhook add column earlier_secrets jsonb not null default '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table webhook drop column earlier_secrets`);
    await runner.query(`drop table run_key`);
    await runner.query(`alter table run drop column context`);
  }
}

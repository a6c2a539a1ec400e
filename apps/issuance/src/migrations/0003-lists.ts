import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Lists1700000300000 implements MigrationInterface {
  name = 'Lists1700000300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table job add column list jsonb, add column note text`);
    // Whether a stack's low state has been told of, and not ended since; of lane 0.
    await runner.query(`alter table campaign_counter add column low_told boolean not null default false`);
    // Whether codes of a stranger's making, without a check character, were assigned beside generated ones.
    await runner.query(`alter table campaign add column foreign_codes boolean not null default false`);

    // Rows of a list that are still to be served. Text, not jsonb: written once, read once.
    await runner.query(`
      create table list_row (
        job_id text collate "C" not null,
        line int not null,
        content text not null,
        primary key (job_id, line)
      )`);
    // Names of people a list has served, where the campaign's own limit would let them have another from it.
    await runner.query(`
      create table list_served (
        job_id text collate "C" not null,
        key text collate "C" not null,
        primary key (job_id, key)
      )`);
    await runner.query(`
      create table job_error (
        job_id text collate "C" not null,
        line int not null,
        recipient text not null,
        code text collate "C" not null,
        message text not null,
        primary key (job_id, line)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table job_error, list_served, list_row`);
    await runner.query(`alter table campaign drop column foreign_codes`);
    await runner.query(`alter table campaign_counter drop column low_told`);
    await runner.query(`alter table job drop column note, drop column list`);
  }
}

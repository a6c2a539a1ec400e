import type { MigrationInterface, QueryRunner } from 'typeorm';

/** That guessing at a key and store was told in an hour, so that several gateways tell it once. */
export class GuessingReports1760000000005 implements MigrationInterface {
  name = 'GuessingReports1760000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table guessing_report (
        account_id text collate "C" not null,
        api_key_id text collate "C" not null,
        store_id text collate "C" not null,
        hour timestamptz not null,
        primary key (account_id, api_key_id, store_id, hour)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table guessing_report`);
  }
}

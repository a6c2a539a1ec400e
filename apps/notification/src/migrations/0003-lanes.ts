import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists apart from single coupons, the providers' rates, and what has to be known of a campaign before a list goes on. */
export class Lanes1700000003001 implements MigrationInterface {
  name = 'Lanes1700000003001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table delivery add column bulk boolean not null default false`);
    // Unknown of campaigns that have not changed since: those count as going on.
    await runner.query(`alter table campaign add column status text, add column ends_at timestamptz`);
    // A row a channel that is updated ten times a second by each worker: room for versions on its page.
    await runner.query(`
      create table pace (
        channel text collate "C" primary key,
        tokens double precision not null default 0,
        filled_at timestamptz not null default now(),
        paused_until timestamptz,
        singles_until timestamptz,
        singles_planned timestamptz,
        lists_planned timestamptz
      ) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`);
    await runner.query(`insert into pace (channel) values ('sms'), ('email')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table pace`);
    await runner.query(`alter table campaign drop column status, drop column ends_at`);
    await runner.query(`alter table delivery drop column bulk`);
  }
}

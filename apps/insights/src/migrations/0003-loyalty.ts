import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Loyalty1780000000003 implements MigrationInterface {
  name = 'Loyalty1780000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table card (
        account_id text collate "C" not null,
        id text collate "C" not null,
        version int not null,
        timezone text collate "C" not null,
        primary key (account_id, id)
      )`);
    // A row is added to for a quarter of an hour, and no index holds what changes.
    await runner.query(`
      create table card_count (
        account_id text collate "C" not null,
        card_id text collate "C" not null,
        quarter timestamptz not null,
        members_enrolled bigint not null default 0,
        points_awarded bigint not null default 0,
        points_spent bigint not null default 0,
        points_expired bigint not null default 0,
        rewards_issued bigint not null default 0,
        primary key (account_id, card_id, quarter)
      ) with (fillfactor = 50)`);
    await runner.query(`
      create table tier_change (
        account_id text collate "C" not null,
        card_id text collate "C" not null,
        quarter timestamptz not null,
        member_id text collate "C" not null,
        primary key (account_id, card_id, quarter, member_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table tier_change, card_count, card`);
  }
}

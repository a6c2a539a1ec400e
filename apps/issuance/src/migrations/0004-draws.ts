import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Draws1700000400000 implements MigrationInterface {
  name = 'Draws1700000400000';

  async up(runner: QueryRunner): Promise<void> {
    // Coupons by offer, kept while any offer of the campaign has a total; under the lock of lane 0.
    await runner.query(`
      create table offer_counter (
        campaign_id text collate "C" not null,
        offer_id text collate "C" not null,
        issued bigint not null default 0,
        primary key (campaign_id, offer_id)
      ) with (fillfactor = 50)`);
    await runner.query(`
      insert into offer_counter (campaign_id, offer_id, issued)
      select campaign_id, offer_id, count(*) from coupon where offer_id is not null group by campaign_id, offer_id`);

    await runner.query(`
      create table player (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        campaign_id text collate "C" not null,
        recipient jsonb not null,
        link_delivery_id text collate "C" not null,
        created_at timestamptz not null
      )`);

    // Every name that a player came by. A name may lead to two players: people who were distinguished until
    // someone named both. What one of them has played, both have.
    await runner.query(`
      create table player_key (
        key text collate "C" not null,
        campaign_id text collate "C" not null,
        player_id text collate "C" not null,
        primary key (key, campaign_id, player_id)
      )`);

    // The primary key is the rule "one play a period". Won when the roll (of 10^12) was below the chance.
    await runner.query(`
      create table play (
        player_id text collate "C" not null,
        period text collate "C" not null,
        outcome text collate "C" not null,
        roll bigint not null,
        chance double precision not null,
        offer_id text collate "C",
        coupon_id text collate "C",
        drawn_at timestamptz not null,
        primary key (player_id, period)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table play, player_key, player, offer_counter`);
  }
}

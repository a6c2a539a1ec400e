import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Insights1780000000001 implements MigrationInterface {
  name = 'Insights1780000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table read_model (
        account_id text collate "C" primary key,
        live int not null default 1,
        building int,
        state text collate "C" not null,
        requested_at timestamptz not null,
        started_at timestamptz,
        finished_at timestamptz,
        beat_at timestamptz,
        campaigns int not null default 0,
        coupons int not null default 0,
        redemptions int not null default 0,
        deliveries int not null default 0,
        error text
      )`);
    await runner.query(`
      create table campaign (
        account_id text collate "C" not null,
        generation int not null,
        id text collate "C" not null,
        version int not null,
        name text not null,
        timezone text collate "C" not null,
        primary key (account_id, generation, id)
      )`);
    // A row is updated some times in its first days; no index holds what those updates change.
    await runner.query(`
      create table coupon_fact (
        account_id text collate "C" not null,
        generation int not null,
        coupon_id text collate "C" not null,
        campaign_id text collate "C" not null,
        source text collate "C" not null default '',
        issued_at timestamptz,
        sent boolean not null default false,
        delivered boolean not null default false,
        opened_at timestamptz,
        voided_at timestamptz,
        redeemed_at timestamptz,
        store_id text collate "C",
        channel text collate "C",
        currency text collate "C",
        revenue bigint,
        discount bigint,
        reversals int not null default 0,
        primary key (account_id, generation, coupon_id)
      ) with (fillfactor = 85)`);
    await runner.query(
      `create index coupon_fact_campaign on coupon_fact (account_id, generation, campaign_id)`,
    );
    await runner.query(`
      create table redemption_fact (
        account_id text collate "C" not null,
        generation int not null,
        redemption_id text collate "C" not null,
        coupon_id text collate "C" not null,
        campaign_id text collate "C" not null,
        store_id text collate "C",
        channel text collate "C",
        currency text collate "C",
        revenue bigint,
        discount bigint,
        redeemed_at timestamptz not null,
        reversed_at timestamptz,
        primary key (account_id, generation, redemption_id)
      )`);
    await runner.query(
      `create index redemption_fact_coupon on redemption_fact (account_id, generation, coupon_id)`,
    );
    await runner.query(
      `create index redemption_fact_campaign on redemption_fact (account_id, generation, campaign_id)`,
    );
    await runner.query(`
      create table face_opening (
        account_id text collate "C" not null,
        coupon_id text collate "C" not null,
        campaign_id text collate "C" not null,
        opened_at timestamptz not null,
        primary key (account_id, coupon_id)
      )`);
    await runner.query(`
      create table traffic (
        account_id text collate "C" not null,
        campaign_id text collate "C" not null,
        source text collate "C" not null,
        quarter timestamptz not null,
        counter text collate "C" not null,
        views bigint not null,
        clicks bigint not null,
        bot_views bigint not null,
        bot_clicks bigint not null,
        primary key (account_id, campaign_id, source, quarter, counter)
      ) with (fillfactor = 85)`);
    await runner.query(`
      create table spend (
        account_id text collate "C" not null,
        id text collate "C" not null,
        campaign_id text collate "C" not null,
        source text collate "C" not null,
        told_source jsonb not null,
        day date not null,
        amount bigint not null,
        currency text collate "C" not null,
        primary key (account_id, id)
      )`);
    await runner.query(`create index spend_campaign on spend (account_id, campaign_id, day)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table spend, traffic, face_opening, redemption_fact, coupon_fact, campaign, read_model`,
    );
  }
}

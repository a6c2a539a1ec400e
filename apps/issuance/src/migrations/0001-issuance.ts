import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ids, keys and codes are compared byte by byte (collate "C"): half the cost of a locale, and the order of ids. */
export class Issuance1700000100000 implements MigrationInterface {
  name = 'Issuance1700000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table campaign (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        version int not null default 1,
        name text not null,
        status text collate "C" not null,
        type text collate "C" not null,
        timezone text not null,
        starts_at timestamptz,
        ends_at timestamptz,
        days_after_issue int,
        barcode text collate "C" not null,
        content jsonb not null,
        discount jsonb,
        codes jsonb not null,
        limits jsonb not null,
        redemption jsonb not null,
        messages jsonb not null,
        offers jsonb not null,
        claim jsonb not null,
        stacked boolean not null default false,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    await runner.query(`create index campaign_of_account on campaign (account_id, id)`);

    // Lane 0 is locked by anyone who must know the exact count. The other lanes exist only while a campaign has
    // neither a total nor a stack: its issuers then count side by side instead of queueing for one row.
    await runner.query(`
      create table campaign_counter (
        campaign_id text collate "C" not null,
        lane int not null,
        issued bigint not null default 0,
        taken bigint not null default 0,
        stocked bigint not null default 0,
        primary key (campaign_id, lane)
      ) with (fillfactor = 50)`);

    // The unique index begins with the code, so that it also finds a code without knowing its account.
    // No index holds a state: it would cost every redemption its in-page (HOT) update.
    await runner.query(`
      create table coupon (
        account_id text collate "C" not null,
        id text collate "C" not null,
        campaign_id text collate "C" not null,
        code text collate "C" not null,
        printed_code text collate "C",
        token text collate "C" not null,
        recipient jsonb not null,
        offer_id text collate "C",
        channel text collate "C" not null,
        source jsonb,
        metadata jsonb,
        issued_at timestamptz not null,
        valid_from timestamptz not null,
        own_valid_to timestamptz,
        deliveries jsonb not null default '[]',
        redeemed_at timestamptz,
        redeemed_store_id text,
        redemption_changed_at timestamptz,
        voided_at timestamptz,
        primary key (account_id, id)
      ) with (fillfactor = 85)`);
    await runner.query(`create unique index coupon_code on coupon (code, account_id)`);
    await runner.query(`create unique index coupon_token on coupon (token)`);
    await runner.query(`create index coupon_of_campaign on coupon (campaign_id, id)`);

    // Who holds what: one row for each name (key) a person is known by, each period and each of the coupons
    // they may have in it. The primary key is the rule "one person, one coupon"; it begins with the key
    // because people are also looked up by it.
    await runner.query(`
      create table slot (
        key text collate "C" not null,
        campaign_id text collate "C" not null,
        period text collate "C" not null,
        n int not null,
        coupon_id text collate "C" not null,
        primary key (key, campaign_id, period, n)
      )`);

    // A stack: given out in the order of tickets, up to campaign_counter.taken. Rows never change.
    await runner.query(`
      create table stack_code (
        account_id text collate "C" not null,
        campaign_id text collate "C" not null,
        ticket bigint not null,
        code text collate "C" not null,
        printed_code text collate "C",
        primary key (campaign_id, ticket)
      )`);
    await runner.query(`create unique index stack_code_code on stack_code (code, account_id)`);

    await runner.query(`
      create table job (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        campaign_id text collate "C",
        kind text collate "C" not null,
        status text collate "C" not null default 'queued',
        done int not null default 0,
        total int,
        failed int not null default 0,
        errors jsonb not null default '[]',
        next_chunk int not null default 0,
        ready boolean not null default true,
        attempts int not null default 0,
        worker text collate "C",
        lease_until timestamptz,
        created_at timestamptz not null default now(),
        touched_at timestamptz not null default now(),
        finished_at timestamptz
      )`);
    await runner.query(`create index job_unfinished on job (id) where finished_at is null`);

    // Lines of an import on their way; (job_id, code) finds a code that the file has twice.
    await runner.query(`
      create table code_import (
        job_id text collate "C" not null,
        code text collate "C" not null,
        printed_code text collate "C",
        line int not null,
        primary key (job_id, code)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table code_import, job, stack_code, slot, coupon, campaign_counter, campaign`);
  }
}

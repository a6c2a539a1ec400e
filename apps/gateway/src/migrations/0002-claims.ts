import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Claims1760000000002 implements MigrationInterface {
  name = 'Claims1760000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table api_key add column origins text[] not null default '{}'`);
    await runner.query(`
      create table signing_secret (
        name text collate "C" primary key,
        value bytea not null
      )`);
    // Waiting rows are few, settled ones are swept after two days: every index is for what is young.
    await runner.query(`
      create table claim (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        campaign_id text collate "C" not null,
        kind text collate "C" not null,
        channel text collate "C" not null,
        address text collate "C" not null,
        recipient jsonb not null,
        offer_id text,
        source jsonb,
        consent jsonb,
        passcode_id text collate "C",
        text text,
        status text collate "C" not null default 'waiting',
        attempts integer not null default 0,
        available_at timestamptz not null default now(),
        sent_at timestamptz,
        coupon_id text collate "C",
        reason text
      ) with (fillfactor = 80)`);
    await runner.query(`create index claim_waiting on claim (available_at) where status = 'waiting'`);
    await runner.query(
      `create index claim_sent on claim (campaign_id, address, sent_at) where sent_at is not null`,
    );
    await runner.query(`
      create table claimed_coupon (
        coupon_id text collate "C" primary key,
        campaign_id text collate "C" not null,
        served_at timestamptz not null default now(),
        opened_at timestamptz
      )`);
    await runner.query(`create index claimed_coupon_served on claimed_coupon (campaign_id, served_at)`);
    await runner.query(`
      create table claim_gate (
        campaign_id text collate "C" primary key,
        since timestamptz not null default now(),
        halted_at timestamptz
      )`);
    // Written on every claim, worth nothing after the hour: no WAL.
    await runner.query(`
      create unlogged table claim_counter (
        name text collate "C" not null,
        hour timestamptz not null,
        count integer not null,
        primary key (name, hour)
      ) with (fillfactor = 70)`);
    await runner.query(`create index claim_counter_hour on claim_counter (hour)`);
    await runner.query(`
      create table claim_passcode (
        campaign_id text collate "C" not null,
        address text collate "C" not null,
        id text collate "C" not null,
        tries integer not null default 0,
        expires_at timestamptz not null,
        primary key (campaign_id, address)
      )`);
    await runner.query(`
      create table spent_proof (
        nonce text collate "C" primary key,
        expires_at timestamptz not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table spent_proof, claim_passcode, claim_counter, claim_gate, claimed_coupon, claim, signing_secret`,
    );
    await runner.query(`alter table api_key drop column origins`);
  }
}

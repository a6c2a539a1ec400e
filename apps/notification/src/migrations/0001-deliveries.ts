import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Deliveries1700000001001 implements MigrationInterface {
  name = 'Deliveries1700000001001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table campaign (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        version int not null,
        name text not null,
        timezone text not null,
        content jsonb not null,
        messages jsonb not null,
        offers jsonb not null
      )`);
    // Room on each page for the two updates that every delivery gets (taken, settled).
    await runner.query(`
      create table delivery (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        coupon_id text collate "C",
        campaign_id text collate "C",
        channel text collate "C" not null,
        address text collate "C" not null,
        status text collate "C" not null,
        attempts int not null default 0,
        error text,
        warning text,
        provider text,
        provider_message_id text,
        segments int,
        created_at timestamptz not null default now(),
        due_at timestamptz not null default now(),
        sending_since timestamptz,
        sent_at timestamptz,
        delivered_at timestamptz
      ) with (fillfactor = 90)`);
    await runner.query(`create index delivery_account on delivery (account_id, id)`);
    await runner.query(`create index delivery_campaign on delivery (campaign_id, id)`);
    await runner.query(`create index delivery_coupon on delivery (coupon_id, id)`);
    await runner.query(`
      create table message (
        delivery_id text collate "C" primary key,
        subject text,
        text text not null,
        html text
      )`);
    await runner.query(`
      create table suppression (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        channel text collate "C" not null,
        address text collate "C" not null,
        reason text collate "C" not null,
        note text,
        created_at timestamptz not null default now()
      )`);
    await runner.query(
      `create unique index suppression_address on suppression (account_id, channel, address)`,
    );
    await runner.query(`
      create table sandbox_message (
        id bigint generated always as identity primary key,
        delivery_id text collate "C" not null,
        account_id text collate "C" not null,
        channel text collate "C" not null,
        recipient text collate "C" not null,
        sender text not null,
        subject text,
        text text not null,
        html text,
        headers json not null,
        at timestamptz not null default now()
      )`);
    await runner.query(`create unique index sandbox_message_delivery on sandbox_message (delivery_id)`);
    await runner.query(`create index sandbox_message_recipient on sandbox_message (recipient, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table sandbox_message, suppression, message, delivery, campaign`);
  }
}

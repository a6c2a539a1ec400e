import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Wallets1700000002000 implements MigrationInterface {
  name = 'Wallets1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    // `changed_at` holds whole seconds, as HTTP dates do; `served`: a phone has read the pass as of then, so that the
    // next change needs a later second, or If-Modified-Since would hide it.
    await runner.query(`
      create table pass (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        coupon_id text collate "C",
        campaign_id text collate "C",
        card_id text collate "C",
        member_id text collate "C",
        page_token text collate "C" not null,
        auth_token text collate "C" not null,
        message text,
        changed_at timestamptz not null,
        served boolean not null default false,
        turns_at timestamptz,
        erased_at timestamptz,
        created_at timestamptz not null default now()
      )`);
    await runner.query(`create unique index pass_of_coupon on pass (coupon_id)`);
    await runner.query(`create unique index pass_of_member on pass (card_id, member_id)`);
    await runner.query(`create index pass_of_card on pass (card_id, id)`);
    await runner.query(`create index pass_of_campaign on pass (campaign_id, id)`);

    // By which names the person on a pass is known, for the day on which they are to be forgotten.
    await runner.query(`
      create table pass_name (
        account_id text collate "C" not null,
        name text collate "C" not null,
        pass_id text collate "C" not null,
        primary key (account_id, name, pass_id)
      )`);

    // A phone, or one pass at Google. `counter` grows with every change of what it holds, under this row's lock:
    // so a phone's tags become visible in their order, and none is passed over.
    await runner.query(`
      create table wallet (
        id text collate "C" primary key,
        kind text collate "C" not null,
        address text collate "C" not null,
        counter bigint not null default 0,
        due_at timestamptz,
        lease_until timestamptz,
        attempts int not null default 0,
        told_at timestamptz
      )`);
    await runner.query(`
      create table wallet_pass (
        wallet_id text collate "C" not null,
        pass_id text collate "C" not null,
        tag bigint not null default 0,
        primary key (wallet_id, pass_id)
      )`);
    await runner.query(`create index wallet_pass_of_pass on wallet_pass (pass_id)`);

    await runner.query(`
      create table wallet_round (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        card_id text collate "C",
        campaign_id text collate "C",
        message text,
        status text collate "C" not null default 'queued',
        devices int not null default 0,
        done int not null default 0,
        after text collate "C",
        created_at timestamptz not null default now(),
        finished_at timestamptz
      )`);
    await runner.query(`create index wallet_round_of_card on wallet_round (card_id)`);
    await runner.query(`create index wallet_round_of_campaign on wallet_round (campaign_id)`);

    await runner.query(`
      create table google_message (
        wallet_id text collate "C" not null,
        round_id text collate "C" not null,
        body text not null,
        status text collate "C" not null default 'waiting',
        sent_at timestamptz,
        primary key (wallet_id, round_id)
      )`);

    await runner.query(`
      create table development_certificate (
        id int primary key,
        root text not null,
        intermediate text not null,
        certificate text not null,
        key text not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table development_certificate, google_message, wallet_round, wallet_pass, wallet, pass_name, pass`,
    );
  }
}

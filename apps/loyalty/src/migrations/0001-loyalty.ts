import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Loyalty1700000001000 implements MigrationInterface {
  name = 'Loyalty1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table card (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        version int not null,
        name text not null,
        kind text collate "C" not null,
        active boolean not null,
        face jsonb not null,
        timezone text collate "C" not null,
        earning jsonb not null,
        rewards jsonb not null,
        tiers jsonb,
        expiry jsonb,
        pending_days int not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    await runner.query(`create index card_of_account on card (account_id, id)`);
    await runner.query(`
      create table member (
        account_id text collate "C" not null,
        id text collate "C" not null,
        phone text collate "C",
        email text collate "C",
        external_id text collate "C",
        first_name text,
        last_name text,
        birthday date,
        gender text collate "C" not null,
        city text,
        language_code text,
        password_hash text collate "C",
        search text collate "C" not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (account_id, id)
      )`);
    await runner.query(`create unique index member_phone on member (account_id, phone)`);
    await runner.query(`create unique index member_email on member (account_id, email)`);
    await runner.query(`create unique index member_external_id on member (account_id, external_id)`);
    await createSearchIndex(runner);
    // Half of a page's rows change with every movement: room for them keeps the updates HOT.
    await runner.query(`
      create table enrolment (
        card_id text collate "C" not null,
        member_id text collate "C" not null,
        account_id text collate "C" not null,
        token text collate "C" not null,
        number text collate "C" not null,
        balance bigint not null default 0 check (balance >= 0),
        debt bigint not null default 0 check (debt >= 0),
        entries int not null default 0,
        tier text,
        idle_until timestamptz,
        settled_at timestamptz not null,
        next_due_at timestamptz,
        enrolled_at timestamptz not null,
        last_activity_at timestamptz not null,
        primary key (card_id, member_id)
      ) with (fillfactor = 85)`);
    await runner.query(`create unique index enrolment_token on enrolment (token)`);
    await runner.query(`create unique index enrolment_number on enrolment (account_id, number)`);
    await runner.query(`create index enrolment_of_member on enrolment (account_id, member_id)`);
    await runner.query(
      `create index enrolment_due on enrolment (next_due_at) where (next_due_at is not null)`,
    );
    await createLedger(runner);
    await runner.query(`
      create table reward_issue (
        account_id text collate "C" not null,
        id text collate "C" not null,
        card_id text collate "C" not null,
        member_id text collate "C" not null,
        reward_id text collate "C" not null,
        name text not null,
        cost bigint not null,
        campaign_id text collate "C" not null,
        coupon_id text collate "C" not null,
        channel text collate "C" not null,
        status text collate "C" not null,
        reason text collate "C",
        reference text collate "C",
        at timestamptz not null,
        primary key (account_id, id)
      )`);
    await runner.query(`create unique index reward_issue_coupon on reward_issue (account_id, coupon_id)`);
    await runner.query(
      `create unique index reward_issue_reference on reward_issue (card_id, member_id, reference)
       where (reference is not null)`,
    );
    await runner.query(`create index reward_issue_of_member on reward_issue (card_id, member_id, id)`);
    await runner.query(`
      create table earning (
        account_id text collate "C" not null,
        redemption_id text collate "C" not null,
        member_id text collate "C",
        reversed boolean not null,
        primary key (account_id, redemption_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table earning, reward_issue, lot, entry, enrolment, member, card`);
    await runner.query(`drop function refuse_ledger_change`);
  }
}

async function createLedger(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table entry (
      card_id text collate "C" not null,
      member_id text collate "C" not null,
      seq int not null,
      id text collate "C" not null,
      account_id text collate "C" not null,
      kind text collate "C" not null,
      amount bigint not null check (amount <> 0),
      balance bigint not null check (balance >= 0),
      reference text collate "C",
      of_caller boolean not null,
      reason text,
      store_id text collate "C",
      by text collate "C" not null,
      at timestamptz not null,
      pending_until timestamptz,
      expires_at timestamptz,
      primary key (card_id, member_id, seq)
    )`);
  await runner.query(
    `create unique index entry_reference on entry (card_id, member_id, of_caller, reference)
     where (reference is not null)`,
  );
  // Rights cannot keep a table's owner from its rows; a trigger keeps every role from them.
  await runner.query(`
    create function refuse_ledger_change() returns trigger language plpgsql as
    $$ begin raise exception 'the ledger is append-only' using errcode = 'integrity_constraint_violation'; end $$`);
  await runner.query(`
    create trigger entry_append_only before update or delete or truncate on entry
    for each statement execute function refuse_ledger_change()`);
  await runner.query(`
    create table lot (
      card_id text collate "C" not null,
      member_id text collate "C" not null,
      seq int not null,
      amount bigint not null,
      remaining bigint not null check (remaining >= 0),
      expired bigint not null default 0,
      taken_back bigint not null default 0,
      awarded_at timestamptz not null,
      counts boolean not null,
      available_at timestamptz not null,
      expires_at timestamptz,
      primary key (card_id, member_id, seq)
    ) with (fillfactor = 90)`);
}

/**
 * The extensions are trusted, so anyone who may create in the database can make them; the service's own role may not,
 * and anyone who connected steps forward for it. In the service's schema, because nothing else is on its path.
 */
async function createSearchIndex(runner: QueryRunner): Promise<void> {
  const [{ role }] = (await runner.query(`select current_setting('role') as role`)) as [{ role: string }];
  await runner.query(`set local role none`);
  await runner.query(`create extension if not exists pg_trgm with schema loyalty`);
  await runner.query(`create extension if not exists btree_gin with schema loyalty`);
  await runner.query(`select set_config('role', $1, true)`, [role]);
  const [{ schema }] = (await runner.query(
    `select extnamespace::regnamespace::text as schema from pg_extension where extname = 'pg_trgm'`,
  )) as [{ schema: string }];
  await runner.query(
    `create index member_search on member using gin (account_id, search ${schema}.gin_trgm_ops)`,
  );
}

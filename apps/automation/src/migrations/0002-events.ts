import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Callers' events, by which key each came first, and the people they are about. */
export class Events1700000002000 implements MigrationInterface {
  name = 'Events1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table contact (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        phone text collate "C",
        email text collate "C",
        external_id text collate "C",
        first_name text,
        last_name text,
        language_code text,
        timezone text,
        fields jsonb not null default '{}',
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      ) with (fillfactor = 85)`);
    // The rule "one person a name", no matter who writes.
    for (const name of ['phone', 'email', 'external_id'])
      await runner.query(
        `create unique index contact_${name} on contact (account_id, ${name}) where ${name} is not null`,
      );
    await runner.query(`
      create table event_type (
        account_id text collate "C" not null,
        type text collate "C" not null,
        required_params text[] not null default '{}',
        count bigint not null default 0,
        first_seen_at timestamptz not null default now(),
        last_seen_at timestamptz,
        primary key (account_id, type)
      ) with (fillfactor = 70)`);
    // Stays when the event's payload is swept: a key counts once for good.
    await runner.query(`
      create table event_key (
        account_id text collate "C" not null,
        type text collate "C" not null,
        key text collate "C" not null,
        event_id text collate "C" not null,
        primary key (account_id, type, key)
      )`);
    // Ids are ordered in time: the index grows at its right edge, and its left end is what has to be swept.
    await runner.query(`
      create table event (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        type text collate "C" not null,
        key text collate "C" not null,
        contact_id text collate "C",
        contact json,
        params json not null,
        at timestamptz not null
      )`);
    await runner.query(`create index event_contact on event (contact_id, id) where contact_id is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table event, event_key, event_type, contact`);
  }
}

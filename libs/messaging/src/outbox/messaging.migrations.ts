import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables that every service has for messaging: events to publish, events processed, and dead letters. */
export class Messaging1700000000000 implements MigrationInterface {
  name = 'Messaging1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    // Rows live for milliseconds and the table is nearly always empty, so autovacuum is triggered by row counts, not by
    // a fraction of the table. `json`, not `jsonb`: the data is passed through and never queried.
    await runner.query(`
      create table outbox (
        seq bigint generated always as identity primary key,
        id text collate "C" not null,
        type text collate "C" not null,
        data json not null,
        account text collate "C",
        queue text collate "C",
        attempt int not null default 1,
        created_at timestamptz not null default now(),
        available_at timestamptz not null default now()
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
              autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 20000)`);
    await runner.query(`create index outbox_due on outbox (available_at, seq)`);
    await runner.query(`
      create table inbox (
        queue text collate "C" not null,
        event_id text collate "C" not null,
        attempt int not null,
        handled_at timestamptz not null default now(),
        primary key (event_id, queue, attempt)
      )`);
    await runner.query(`create index inbox_handled_at on inbox using brin (handled_at)`);
    await runner.query(`
      create table dead_letter (
        id bigint generated always as identity primary key,
        queue text collate "C" not null,
        event_id text collate "C",
        type text collate "C",
        body text not null,
        reason text not null,
        attempts int not null,
        dead_at timestamptz not null default now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table dead_letter, inbox, outbox`);
  }
}

/** Columns of the lease by which a relay claims outbox rows. */
export class OutboxLeases1700000000001 implements MigrationInterface {
  name = 'OutboxLeases1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    // Half of each page stays free, so that a lease's update stays in its page and writes no index entry (HOT update).
    await runner.query(`
      alter table outbox add column locked_by uuid, add column locked_until timestamptz, set (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table outbox drop column locked_by, drop column locked_until, reset (fillfactor)`,
    );
  }
}

/** Goes before a service's own migrations; these timestamps are lower than all of theirs. */
export const messagingMigrations = [Messaging1700000000000, OutboxLeases1700000000001];

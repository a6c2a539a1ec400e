import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables that every service has beside its own: what it will tell, what it has handled, what it gave up on. */
export class Messaging1700000000000 implements MigrationInterface {
  name = 'Messaging1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    // A queue as a table: rows live for milliseconds, so vacuum must come by count, not by share of a table
    // that is nearly always empty. `json`, not `jsonb`: it is passed through, never looked into.
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

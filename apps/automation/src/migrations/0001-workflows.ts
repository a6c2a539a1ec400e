import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workflows, their versions, their runs, and what runs wait for. */
export class Workflows1700000001000 implements MigrationInterface {
  name = 'Workflows1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    // One row an account that has workflows at all: every coupon of the system is looked up here, and most have none.
    await runner.query(`
      create table listening (
        account_id text collate "C" primary key,
        version bigint not null
      )`);
    await runner.query(`
      create table workflow (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        name text not null,
        status text collate "C" not null,
        version int not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    await runner.query(`create index workflow_account on workflow (account_id, id)`);
    await runner.query(`
      create table workflow_version (
        workflow_id text collate "C" not null,
        version int not null,
        account_id text collate "C" not null,
        definition jsonb not null,
        waits text[] not null,
        created_at timestamptz not null,
        primary key (workflow_id, version)
      )`);
    await runner.query(`create index workflow_version_account on workflow_version (account_id)`);
    // Updated once a step: room on its page, and no index on what changes but where it is due.
    await runner.query(`
      create table run (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        workflow_id text collate "C" not null,
        version int not null,
        start_key text collate "C" not null,
        status text collate "C" not null,
        turn int not null default 0,
        happening jsonb not null,
        contact jsonb,
        outputs jsonb not null default '{}',
        step jsonb,
        error jsonb,
        due_at timestamptz,
        woken_at timestamptz not null,
        started_at timestamptz not null,
        finished_at timestamptz
      ) with (fillfactor = 80)`);
    await runner.query(`create unique index run_start on run (workflow_id, start_key)`);
    await runner.query(`create index run_workflow on run (workflow_id, id)`);
    await runner.query(`create index run_account on run (account_id, id)`);
    await runner.query(`create index run_due on run (due_at) where status = 'active'`);
    await runner.query(`
      create table run_step (
        run_id text collate "C" not null,
        seq int not null,
        path text not null,
        name text,
        kind text collate "C" not null,
        status text collate "C" not null,
        attempts int not null,
        input jsonb,
        output jsonb,
        error jsonb,
        started_at timestamptz not null,
        finished_at timestamptz not null,
        primary key (run_id, seq)
      )`);
    await runner.query(`
      create table run_wait (
        run_id text collate "C" not null,
        match_key text collate "C" not null,
        account_id text collate "C" not null,
        event text collate "C" not null,
        turn int not null,
        primary key (run_id, match_key)
      )`);
    await runner.query(`create index run_wait_for on run_wait (account_id, event, match_key)`);
    // What happened of what is waited for: anyone who comes second, the wait or the event, finds the other's row here.
    await runner.query(`
      create table sighting (
        account_id text collate "C" not null,
        event text collate "C" not null,
        match_key text collate "C" not null,
        happened_at timestamptz,
        happening jsonb,
        touched_at timestamptz not null,
        primary key (account_id, event, match_key)
      ) with (fillfactor = 80)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table sighting, run_wait, run_step, run, workflow_version, workflow, listening`);
  }
}

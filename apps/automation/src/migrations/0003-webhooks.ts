import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Webhooks1700000003000 implements MigrationInterface {
  name = 'Webhooks1700000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table webhook (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        url text not null,
        events jsonb not null,
        status text collate "C" not null default 'active',
        note text,
        secret text not null,
        previous_secret text,
        previous_until timestamptz,
        created_at timestamptz not null default now()
      )`);
    await runner.query(`create index webhook_account on webhook (account_id, id)`);
    await runner.query(`
      create table webhook_attempt (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        webhook_id text collate "C" not null,
        event text collate "C" not null,
        body text not null,
        status text collate "C" not null default 'pending',
        tries int not null default 0,
        tries_before int not null default 0,
        due_at timestamptz not null default now(),
        lease_until timestamptz,
        history jsonb not null default '[]',
        created_at timestamptz not null default now(),
        settled_at timestamptz
      ) with (fillfactor = 85)`);
    await runner.query(`create index webhook_attempt_webhook on webhook_attempt (webhook_id, id)`);
    // Of what waits alone: it stays small however many were delivered.
    await runner.query(
      `create index webhook_attempt_due on webhook_attempt (webhook_id, due_at) where status = 'pending'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table webhook_attempt, webhook`);
  }
}

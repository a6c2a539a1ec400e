import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Gateway1760000000001 implements MigrationInterface {
  name = 'Gateway1760000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table account (
        id text collate "C" primary key,
        name text not null,
        operator boolean not null default false,
        created_at timestamptz not null default now()
      )`);
    await runner.query(`create unique index account_one_operator on account (operator) where operator`);
    await runner.query(`
      create table api_key (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        client_id text collate "C" not null,
        secret_hash bytea not null,
        name text not null,
        scopes text[] not null,
        created_at timestamptz not null default now(),
        revoked_at timestamptz
      )`);
    await runner.query(`create unique index api_key_client_id on api_key (client_id)`);
    await runner.query(`create index api_key_account on api_key (account_id, id)`);
    // Rows live for a day: the table is swept by expiry, and vacuum has to follow by count.
    await runner.query(`
      create table idempotency_key (
        api_key_id text collate "C" not null,
        key text collate "C" not null,
        fingerprint bytea not null,
        stream_hash bytea,
        holder text collate "C" not null,
        leased_until timestamptz not null,
        status smallint,
        headers json,
        body text,
        expires_at timestamptz not null,
        primary key (api_key_id, key)
      ) with (fillfactor = 90)`);
    await runner.query(`create index idempotency_key_expires_at on idempotency_key (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table idempotency_key, api_key, account`);
  }
}

import { randomBytes } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OptOuts1700000002001 implements MigrationInterface {
  name = 'OptOuts1700000002001';

  async up(runner: QueryRunner): Promise<void> {
    // Null for nearly all: a column that is null costs a row nothing.
    await runner.query(`alter table delivery add column reply text collate "C"`);
    // Who wrote to a number, and a status that names no delivery. Not on the provider's message id, which is
    // written when a message is sent: an index on it would cost that update being HOT.
    await runner.query(`create index delivery_address on delivery (address)`);
    await runner.query(`
      create table consent (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        channel text collate "C" not null,
        address text collate "C" not null,
        kind text collate "C" not null,
        how text not null,
        text text,
        campaign_id text collate "C",
        at timestamptz not null
      )`);
    await runner.query(`create index consent_account on consent (account_id, id)`);
    await runner.query(`create index consent_address on consent (address, account_id)`);
    await runner.query(`
      create table inbound_message (
        id text collate "C" primary key,
        at timestamptz not null default now()
      )`);
    await runner.query(`create index inbound_message_at on inbound_message (at)`);
    await runner.query(`
      create table unsubscribe_key (
        id int primary key,
        secret bytea not null
      )`);
    await runner.query(`insert into unsubscribe_key (id, secret) values (1, $1)`, [randomBytes(32)]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table unsubscribe_key, inbound_message, consent`);
    await runner.query(`drop index delivery_address`);
    await runner.query(`alter table delivery drop column reply`);
  }
}

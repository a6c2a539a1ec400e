import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Under what keys callers have asked for messages. */
export class MessageKeys1700000008001 implements MigrationInterface {
  name = 'MessageKeys1700000008001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table message_key (
        account_id text collate "C",
        key text collate "C",
        delivery_id text collate "C" not null,
        created_at timestamptz not null default now(),
        primary key (account_id, key)
      )`);
    await runner.query(`create index message_key_created_at on message_key (created_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table message_key`);
  }
}

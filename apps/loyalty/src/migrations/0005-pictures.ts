import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Pictures1700000005000 implements MigrationInterface {
  name = 'Pictures1700000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table picture (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        shape text collate "C" not null,
        url text not null,
        digest text collate "C",
        etag text,
        last_modified text,
        fault text,
        attempts int not null default 0,
        looked_at timestamptz,
        due_at timestamptz not null default now()
      )`);
    await runner.query(`create index picture_of_account on picture (account_id)`);
    await runner.query(`create index picture_due on picture (due_at)`);
    await runner.query(`
      create table picture_file (
        picture_id text collate "C" not null,
        name text collate "C" not null,
        png bytea not null,
        primary key (picture_id, name)
      )`);
    // PNG is compressed already.
    await runner.query(`alter table picture_file alter column png set storage external`);
    await runner.query(`
      create table picture_use (
        subject_id text collate "C" not null,
        picture_id text collate "C" not null,
        wanted_at timestamptz not null default now(),
        primary key (subject_id, picture_id)
      )`);
    await runner.query(`create index picture_use_of_picture on picture_use (picture_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table picture_use, picture_file, picture`);
  }
}

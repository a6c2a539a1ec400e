import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stored templates, and the barcodes that messages show. */
export class Templates1700000006001 implements MigrationInterface {
  name = 'Templates1700000006001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table template (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        name text not null,
        channel text collate "C" not null,
        engine text collate "C" not null,
        subject text,
        body text,
        html text,
        variants jsonb not null default '{}',
        version int not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    await runner.query(`create index template_account on template (account_id, id)`);
    await runner.query(`alter table message add column barcode jsonb`);
    // Unknown of campaigns that have not changed since: those are drawn as QR codes.
    await runner.query(`alter table campaign add column barcode text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table campaign drop column barcode`);
    await runner.query(`alter table message drop column barcode`);
    await runner.query(`drop table template`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** That someone was erased, when and by which key; not who. */
export class Erasures1760000000004 implements MigrationInterface {
  name = 'Erasures1760000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table erasure (
        id text collate "C" primary key,
        account_id text collate "C" not null,
        api_key_id text collate "C" not null,
        at timestamptz not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table erasure`);
  }
}

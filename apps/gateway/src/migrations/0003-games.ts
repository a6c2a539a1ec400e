import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Games1760000000003 implements MigrationInterface {
  name = 'Games1760000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table if not exists signing_secret (name text collate "C" primary key, value bytea not null)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table if exists signing_secret`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of what people are known by, with what makes a row of one of them the only one of its key. */
const tables = [
  ['slot', ['campaign_id', 'period', 'n']],
  ['player_key', ['campaign_id']],
] as const;

/**
 * A person is known by one key for all forms of a number: an Argentine one has the 9 before its area code. Who was two
 * people until now keeps both coupons; the one under the number with its 9 is found. By the primary key, which begins
 * with the key.
 */
export class OnePhoneOnePerson1700000900000 implements MigrationInterface {
  name = 'OnePhoneOnePerson1700000900000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, others] of tables)
      await runner.query(`
        update ${table} held set key = 'p:+549' || substr(key, 6)
        where key >= 'p:+541' and key < 'p:+544' and key ~ '^p:\\+54(11|[23][0-9])[0-9]{8}$'
          and not exists (
            select from ${table} taken where taken.key = 'p:+549' || substr(held.key, 6)
              and ${others.map((column) => `taken.${column} = held.${column}`).join(' and ')})`);
  }

  /** Nothing to take back: the key of before is found by no one who asks with the 9. */
  async down(): Promise<void> {}
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const key = (phone: string): string =>
  `regexp_replace(${phone}, '^\\+54(?=(11|[23][0-9])[0-9]{8}$)', '+549')`;

/**
 * "One person a name" by what makes two numbers one person's, and no longer by the letter: an Argentine number is the
 * same with and without its 9. Of contacts that were two until now the first keeps the number.
 */
export class OnePhoneOneContact1700000009000 implements MigrationInterface {
  name = 'OnePhoneOneContact1700000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update contact set phone = null, updated_at = now()
      where phone like '+54%' and exists (
        select from contact earlier
        where earlier.account_id = contact.account_id and earlier.id < contact.id
          and earlier.phone like '+54%' and ${key('earlier.phone')} = ${key('contact.phone')})`);
    await runner.query(
      `create unique index contact_phone_key on contact (account_id, ${key('phone')}) where phone is not null`,
    );
    await runner.query(`drop index contact_phone`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create unique index contact_phone on contact (account_id, phone) where phone is not null`,
    );
    await runner.query(`drop index contact_phone_key`);
  }
}

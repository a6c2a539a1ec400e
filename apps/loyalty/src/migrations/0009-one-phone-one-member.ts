import type { MigrationInterface, QueryRunner } from 'typeorm';

const key = (phone: string): string =>
  `regexp_replace(${phone}, '^\\+54(?=(11|[23][0-9])[0-9]{8}$)', '+549')`;

/**
 * A number belongs to one member by what makes two numbers one person's, and no longer by the letter: an Argentine
 * number is the same with and without its 9. Of members that were two until now the first keeps the number.
 */
export class OnePhoneOneMember1700000009000 implements MigrationInterface {
  name = 'OnePhoneOneMember1700000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update member set phone = null, updated_at = now()
      where phone like '+54%' and exists (
        select from member earlier
        where earlier.account_id = member.account_id and earlier.id < member.id
          and earlier.phone like '+54%' and ${key('earlier.phone')} = ${key('member.phone')})`);
    await runner.query(`create unique index member_phone_key on member (account_id, ${key('phone')})`);
    await runner.query(`drop index member_phone`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`create unique index member_phone on member (account_id, phone)`);
    await runner.query(`drop index member_phone_key`);
  }
}

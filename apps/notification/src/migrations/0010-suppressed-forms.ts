import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who has stopped has stopped for every form of the number: an Argentine one is valid with and without a 9 before the
 * area code. A bounce stays with the one address it was of. An id keeps the time of the one it is made from.
 */
export class SuppressedForms1700000010001 implements MigrationInterface {
  name = 'SuppressedForms1700000010001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      insert into suppression (id, account_id, channel, address, reason, note, created_at)
      select left(id, 14) || left(md5(id), 16), account_id, channel,
             case when address like '+549%' then '+54' || substr(address, 5) else '+549' || substr(address, 4) end,
             reason, note, created_at
      from suppression
      where channel = 'sms' and reason <> 'bounce' and address ~ '^\\+549?(11|[23][0-9])[0-9]{8}$'
      on conflict (account_id, channel, address) do nothing`);
  }

  /** Nothing to take back: no one is to be written to whom no one may write to. */
  async down(): Promise<void> {}
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The currency of a minimum, and what the same transactionRef is answered after a reversal. Campaigns that were heard
 * of before take the currency of their discount, or of the first of their offers that names one.
 */
export class CurrencyAndRefs1700000005000 implements MigrationInterface {
  name = 'CurrencyAndRefs1700000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table campaign add column min_currency text collate "C"`);
    await runner.query(`
      update campaign set min_currency = coalesce(discount->>'currency', (
        select offer->'discount'->>'currency'
        from jsonb_array_elements(offers) with ordinality as listed (offer, place)
        where offer->'discount'->>'currency' is not null order by place limit 1))
      where min_basket is not null`);
    await runner.query(`alter table redemption add column reservation_id text collate "C"`);
    await runner.query(`alter table coupon add column reversed_refs jsonb`);
    // The last hundred of each coupon, as later reversals keep them; of a ref that was spent more than once before
    // this rule, the newest comes last.
    await runner.query(`
      update coupon c set reversed_refs = r.refs
      from (
        select account_id, code,
          jsonb_agg(jsonb_build_object('id', id, 'ref', transaction_ref, 'storeId', store_id) order by place desc)
            as refs
        from (
          select *, row_number() over (partition by account_id, code order by id desc) as place
          from redemption where reversed_at is not null and transaction_ref is not null
        ) newest
        where place <= 100
        group by account_id, code
      ) r
      where c.account_id = r.account_id and c.code = r.code`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table coupon drop column reversed_refs`);
    await runner.query(`alter table redemption drop column reservation_id`);
    await runner.query(`alter table campaign drop column min_currency`);
  }
}

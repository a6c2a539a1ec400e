import { createTestDatabase } from '@tearoff/testing';
import { openRedemptionDatabase } from '../src/database';
import { CurrencyAndRefs1700000005000 } from '../src/migrations/0005-currency-and-refs';
import { maxReversedRefs } from '../src/redemptions/reversed-refs';

it('has the schema that its entities describe', async () => {
  const database = await createTestDatabase();
  const dataSource = await openRedemptionDatabase(database.url, 2);
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
  await dataSource.destroy();
  await database.drop();
});

it('gives what was there before the currency of its minimum, and the refs of its reversals', async () => {
  const database = await createTestDatabase();
  const dataSource = await openRedemptionDatabase(database.url, 2);
  const migration = new CurrencyAndRefs1700000005000();
  const runner = dataSource.createQueryRunner();
  await migration.down(runner);

  const campaigns = [
    { id: 'own', min_basket: 1, discount: { currency: 'EUR' }, offers: [] },
    { id: 'offered', min_basket: 1, discount: null, offers: [{}, { discount: { currency: 'JPY' } }] },
    { id: 'unnamed', min_basket: 1, discount: { kind: 'percent' }, offers: [] },
    { id: 'free', min_basket: null, discount: { currency: 'EUR' }, offers: [] },
  ];
  await runner.query(
    `insert into campaign (id, account_id, version, status, timezone, content, min_basket, discount, offers)
     select id, 'a', 1, 'active', 'UTC', '{}', min_basket, discount, offers
     from jsonb_to_recordset($1) as c (id text, min_basket bigint, discount jsonb, offers jsonb)`,
    [JSON.stringify(campaigns)],
  );
  await runner.query(
    `insert into coupon (account_id, code, coupon_id, campaign_id, issued_at)
     select 'a', code, code, 'own', now() from unnest(array['C1', 'C2', 'C3']) as code`,
  );
  await runner.query(
    `insert into redemption (account_id, id, code, coupon_id, campaign_id, channel, redeemed_at, store_id,
       transaction_ref, reversed_at)
     select 'a', id, code, code, 'own', 'store', now(), store, ref, case when reversed then now() end
     from (values ('r1', 'C1', 's', 'x', true), ('r2', 'C1', null, 'y', true), ('r3', 'C1', 's', 'z', false),
       ('r4', 'C2', 's', null, true)) as r (id, code, store, ref, reversed)`,
  );
  await runner.query(
    `insert into redemption (account_id, id, code, coupon_id, campaign_id, channel, redeemed_at,
       transaction_ref, reversed_at)
     select 'a', 's' || lpad(n::text, 3, '0'), 'C3', 'C3', 'own', 'store', now(), n::text, now()
     from generate_series(1, $1::int) as n`,
    [maxReversedRefs + 1],
  );
  await migration.up(runner);

  expect(await runner.query(`select id, min_currency from campaign order by id`)).toEqual([
    { id: 'free', min_currency: null },
    { id: 'offered', min_currency: 'JPY' },
    { id: 'own', min_currency: 'EUR' },
    { id: 'unnamed', min_currency: null },
  ]);
  const [first, second, third] = (await runner.query(
    `select reversed_refs as refs from coupon order by code`,
  )) as { refs: { id: string }[] | null }[];
  expect(first.refs).toEqual([
    { id: 'r1', ref: 'x', storeId: 's' },
    { id: 'r2', ref: 'y', storeId: null },
  ]);
  expect(second.refs).toBeNull();
  expect(third.refs).toHaveLength(maxReversedRefs);
  expect([third.refs?.[0].id, third.refs?.at(-1)?.id]).toEqual(['s002', `s${maxReversedRefs + 1}`]);
  await runner.release();
  await dataSource.destroy();
  await database.drop();
});

import { createTestDatabase, type TestDatabase } from '@tearoff/testing';
import { Client } from 'pg';
import { CampaignsProjection } from '../src/campaigns/campaigns.projection';
import { ZoneNames } from '@tearoff/service-kit';
import { CouponsProjection } from '../src/coupons/coupons.projection';
import { openRedemptionDatabase } from '../src/database';
import { questionValues } from '../src/redemptions/eligibility.sql';
import { questionOf } from '../src/redemptions/question';
import { validateStatement, type ValidationRow } from '../src/redemptions/validate.sql';
import { campaignOf, entryOf } from './builders';
import { newAccount } from './world';

type Rules = Parameters<typeof campaignOf>[1];

describe('the judgement of a coupon', () => {
  let database: TestDatabase;
  let dataSource: Awaited<ReturnType<typeof openRedemptionDatabase>>;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openRedemptionDatabase(database.url, 2);
    client = new Client(database.url);
    await client.connect();
    // The statement as it is, on a connection whose clock stands where the test puts it.
    await client.query(`create schema clock`);
    await client.query(`create function clock.clock_timestamp() returns timestamptz language sql volatile
      as $$ select current_setting('clock.now')::timestamptz $$`);
    await client.query(`set search_path = clock, redemption, pg_catalog`);
  });
  afterAll(async () => {
    await client.end();
    await dataSource.destroy();
    await database.drop();
  });

  const judge = async (
    now: string,
    rules: Rules,
    coupon: Parameters<typeof entryOf>[1] = {},
    basket?: { total?: number; currency?: string },
  ): Promise<ValidationRow> => {
    const campaign = campaignOf(newAccount(), rules);
    const longAgo = '2020-01-01T00:00:00.000Z';
    const entry = entryOf(campaign, { issuedAt: longAgo, validFrom: longAgo, ...coupon });
    await new CampaignsProjection(new ZoneNames()).store(dataSource.manager, [campaign]);
    await new CouponsProjection().store(dataSource.manager, [entry]);
    await client.query(`select set_config('clock.now', $1, false)`, [now]);
    const question = questionOf(
      { accountId: entry.accountId, basket },
      { code: entry.code, otherCode: null },
    );
    const { rows } = await client.query<ValidationRow>(validateStatement.text, questionValues([question]));
    return rows[0];
  };
  const reasonAt = async (now: string, rules: Rules, coupon?: Parameters<typeof entryOf>[1]) =>
    (await judge(now, rules, coupon)).reason;

  const inBerlin = (redemption: NonNullable<Rules>['redemption']): Rules => ({
    timezone: 'Europe/Berlin',
    redemption,
  });

  it.each([
    ['2026-03-02T08:59:59.999Z', 'wrong_time'],
    ['2026-03-02T09:00:00.000Z', null],
    ['2026-03-02T16:59:59.999Z', null],
    ['2026-03-02T17:00:00.000Z', 'wrong_time'],
    // In summer Berlin is two hours ahead.
    ['2026-07-06T07:59:59.999Z', 'wrong_time'],
    ['2026-07-06T08:00:00.000Z', null],
    ['2026-07-06T16:00:00.000Z', 'wrong_time'],
  ])('10:00 to 18:00 in Berlin, at %s', async (now, reason) => {
    expect(await reasonAt(now, inBerlin({ hours: { from: '10:00', to: '18:00' } }))).toBe(reason);
  });

  // On the night of 29 March 2026 Berlin's clocks go from 02:00 to 03:00, on 25 October from 03:00 back to 02:00.
  it.each([
    ['2026-03-29T00:59:00Z', 'wrong_time'],
    ['2026-03-29T01:00:00Z', null],
    ['2026-10-25T00:30:00Z', null],
    ['2026-10-25T01:30:00Z', null],
    ['2026-10-25T02:00:00Z', 'wrong_time'],
  ])('02:00 to 03:00, or what is left of it, at %s', async (now, reason) => {
    const to = now.startsWith('2026-03') ? '03:30' : '03:00';
    expect(await reasonAt(now, inBerlin({ hours: { from: '02:00', to } }))).toBe(reason);
  });

  it.each([
    // Friday, 6 March 2026.
    ['2026-03-06T20:59:00Z', 'wrong_time'],
    ['2026-03-06T21:00:00Z', null],
    ['2026-03-07T00:59:00Z', null],
    ['2026-03-07T01:00:00Z', 'wrong_time'],
    ['2026-03-06T00:30:00Z', 'wrong_time'],
    ['2026-03-07T21:30:00Z', 'wrong_time'],
  ])('Fridays from 22:00 to 02:00, the night belonging to its Friday, at %s', async (now, reason) => {
    const rules = inBerlin({ weekdays: [5], hours: { from: '22:00', to: '02:00' } });
    expect(await reasonAt(now, rules)).toBe(reason);
  });

  it.each([
    ['Pacific/Auckland', '2026-03-01T11:30:00Z', null],
    ['UTC', '2026-03-01T11:30:00Z', 'wrong_time'],
    ['America/Los_Angeles', '2026-03-03T07:30:00Z', null],
    ['Asia/Kolkata', '2026-03-01T18:29:59Z', 'wrong_time'],
    ['Asia/Kolkata', '2026-03-01T18:30:00Z', null],
  ])('Mondays, in %s, at %s', async (timezone, now, reason) => {
    expect(await reasonAt(now, { timezone, redemption: { weekdays: [1] } })).toBe(reason);
  });

  it.each([
    ['2026-05-31T21:59:59.999Z', null],
    ['2026-05-31T22:00:00.000Z', 'expired'],
  ])('a coupon that is good to the end of 31 May in Berlin, at %s', async (now, reason) => {
    expect(await reasonAt(now, {}, { ownValidTo: '2026-05-31T21:59:59.999Z' })).toBe(reason);
  });

  it('takes the earlier of the coupon’s end and the campaign’s, as the campaign’s is now', async () => {
    const rules = { validity: { endsAt: '2026-06-01T00:00:00.000Z' } };
    const row = await judge('2026-05-01T00:00:00Z', rules, { ownValidTo: '2026-07-01T00:00:00.000Z' });
    expect(row.valid_to).toEqual(new Date('2026-06-01T00:00:00.000Z'));
  });

  const percent = (value: number) => ({ kind: 'percent' as const, value });
  const euros = (value: number) => ({ kind: 'amount' as const, value, currency: 'EUR' });
  it.each([
    [percent(20), { total: 1999 }, 400],
    [percent(12.5), { total: 100 }, 13],
    [percent(12.4), { total: 100 }, 12],
    [percent(100), { total: 1 }, 1],
    [percent(0.1), { total: Number.MAX_SAFE_INTEGER }, 9_007_199_254_741],
    [percent(20), undefined, null],
    [euros(500), { total: 499, currency: 'EUR' }, 499],
    [euros(500), { total: 501 }, 500],
    [euros(500), { total: 501, currency: 'CHF' }, null],
    [euros(500), { currency: 'EUR' }, null],
    [{ kind: 'product' as const, product: 'Coffee' }, { total: 500 }, null],
    [{ kind: 'other' as const }, { total: 500 }, null],
  ])('a discount of %j takes off a basket of %j: %j', async (discount, basket, amount) => {
    const row = await judge('2026-03-02T12:00:00Z', { discount }, {}, basket);
    expect(row.discount).toEqual({ ...discount, amount });
  });

  it('reads the offer’s words and discount before the campaign’s', async () => {
    const offers = [
      { id: 'off_1', content: { title: 'Won nothing' } },
      { id: 'off_2', content: { title: 'Won a lot' }, discount: percent(50) },
    ];
    const rules = { discount: percent(10), offers };
    const row = await judge('2026-03-02T12:00:00Z', rules, { offerId: 'off_2' }, { total: 10 });
    expect(row.content).toEqual({ title: 'Won a lot', terms: 'One a person.' });
    expect(row.discount).toEqual({ ...percent(50), amount: 5 });
    const plain = await judge('2026-03-02T12:00:00Z', rules, { offerId: 'off_1' }, { total: 10 });
    expect(plain.discount).toEqual({ ...percent(10), amount: 1 });
  });
});

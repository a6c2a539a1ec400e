import {
  RedeemCode,
  ReserveCode,
  ValidateCode,
  VoidCoupon,
  type RefusalReason,
  type RequestOf,
} from '@tearoff/contracts';
import { tally } from '@tearoff/testing';
import { campaignOf, entryOf, inSeconds } from './builders';
import { newAccount, World } from './world';

type Till = Partial<RequestOf<typeof ValidateCode>>;

interface Case {
  reason: RefusalReason | null;
  campaign?: Parameters<typeof campaignOf>[1];
  coupon?: Parameters<typeof entryOf>[1];
  till?: Till;
}

const fiveEuros = { kind: 'amount' as const, value: 500, currency: 'EUR' };

const cases: Record<string, Case> = {
  'nothing binds': { reason: null },
  'the campaign has ended': { reason: 'campaign_ended', campaign: { status: 'ended' } },
  'the campaign is paused': { reason: 'campaign_paused', campaign: { status: 'paused' } },
  'the campaign is a draft': { reason: 'campaign_paused', campaign: { status: 'draft' } },
  'the coupon is not good yet': { reason: 'not_yet_valid', coupon: { validFrom: inSeconds(60) } },
  'the campaign begins later': {
    reason: 'not_yet_valid',
    campaign: { validity: { startsAt: inSeconds(60) } },
  },
  'the issuer is a little ahead of us': {
    reason: null,
    coupon: { issuedAt: inSeconds(5), validFrom: inSeconds(5) },
  },
  'the coupon is over': { reason: 'expired', coupon: { ownValidTo: inSeconds(-1) } },
  'the campaign is over': {
    reason: 'expired',
    campaign: { validity: { endsAt: inSeconds(-1) } },
    coupon: { ownValidTo: inSeconds(60) },
  },
  'another store': {
    reason: 'wrong_store',
    campaign: { redemption: { storeIds: ['a', 'b'] } },
    till: { storeId: 'c' },
  },
  'no store where stores are named': { reason: 'wrong_store', campaign: { redemption: { storeIds: ['a'] } } },
  'one of the stores': {
    reason: null,
    campaign: { redemption: { storeIds: ['a', 'b'] } },
    till: { storeId: 'b' },
  },
  'lists left blank': {
    reason: null,
    campaign: { redemption: { storeIds: [], channels: [], weekdays: [], hours: null, minBasket: null } },
  },
  'in a store, where it is for the web shop': {
    reason: 'wrong_channel',
    campaign: { redemption: { channels: ['online'] } },
  },
  'in the web shop': {
    reason: null,
    campaign: { redemption: { channels: ['online'] } },
    till: { channel: 'online' },
  },
  'on no day of the week that exists now': {
    reason: 'wrong_time',
    campaign: { redemption: { weekdays: [((new Date().getUTCDay() + 2) % 7) + 1] } },
  },
  'a basket that is too small': {
    reason: 'min_basket',
    campaign: { redemption: { minBasket: 1000 } },
    till: { basket: { total: 999 } },
  },
  'no basket where one is asked for': {
    reason: 'min_basket',
    campaign: { redemption: { minBasket: 1000 } },
  },
  'a basket that is large enough': {
    reason: null,
    campaign: { redemption: { minBasket: 1000 } },
    till: { basket: { total: 1000 } },
  },
  'a basket of yen, where the minimum and the discount are of euros': {
    reason: 'wrong_currency',
    campaign: { discount: fiveEuros, redemption: { minBasket: 2_000 } },
    till: { basket: { total: 2_500, currency: 'JPY' } },
  },
  'a basket of yen for euros off': {
    reason: 'wrong_currency',
    campaign: { discount: fiveEuros },
    till: { basket: { total: 2_500, currency: 'JPY' } },
  },
  'a currency alone is enough to see it': {
    reason: 'wrong_currency',
    campaign: { discount: fiveEuros },
    till: { basket: { currency: 'JPY' } },
  },
  'a basket of yen for euros off by its offer': {
    reason: 'wrong_currency',
    campaign: { discount: { kind: 'percent', value: 10 }, offers: [{ id: 'off_1', discount: fiveEuros }] },
    coupon: { offerId: 'off_1' },
    till: { basket: { total: 2_500, currency: 'JPY' } },
  },
  'a basket of yen for a percentage off from a minimum of euros': {
    reason: 'wrong_currency',
    campaign: { discount: { kind: 'percent', value: 10 }, redemption: { minBasket: 2_000, currency: 'EUR' } },
    till: { basket: { total: 2_500, currency: 'JPY' } },
  },
  'a basket of yen for a percentage off its offer, the minimum being of another offer’s currency': {
    reason: 'wrong_currency',
    campaign: {
      redemption: { minBasket: 2_000 },
      offers: [
        { id: 'off_1', discount: { kind: 'percent', value: 10 } },
        { id: 'off_2', discount: fiveEuros },
      ],
    },
    coupon: { offerId: 'off_1' },
    till: { basket: { total: 2_500, currency: 'JPY' } },
  },
  'a percentage without a minimum takes any currency': {
    reason: null,
    campaign: { discount: { kind: 'percent', value: 10, currency: 'EUR' } },
    till: { basket: { total: 2_500, currency: 'JPY' } },
  },
  'a minimum that was saved before it had to have a currency is a bare number': {
    reason: null,
    campaign: { discount: { kind: 'percent', value: 10 }, redemption: { minBasket: 2_000 } },
    till: { basket: { total: 2_500, currency: 'JPY' } },
  },
  'a basket without a currency is in the campaign’s': {
    reason: null,
    campaign: { discount: fiveEuros, redemption: { minBasket: 2_000 } },
    till: { basket: { total: 2_500 } },
  },
  'several at once: the first in the order of the contract': {
    reason: 'not_yet_valid',
    campaign: { redemption: { storeIds: ['a'], minBasket: 1000 }, validity: { startsAt: inSeconds(60) } },
  },
  'hours that PostgreSQL has no word for, in a zone that it does not know': {
    reason: null,
    campaign: { timezone: 'Mars/Olympus', redemption: { hours: { from: '00:00', to: '24:30' } } },
  },
};

describe('why a coupon cannot be spent', () => {
  let world: World;
  beforeAll(async () => (world = await World.start()));
  afterAll(() => world.stop());

  const give = ({ campaign: parts, coupon }: Pick<Case, 'campaign' | 'coupon'> = {}) => {
    const campaign = campaignOf(newAccount(), parts);
    const entry = entryOf(campaign, coupon);
    world.issuance.ledger.give(campaign, entry);
    return { campaign, entry };
  };

  it.each(Object.entries(cases))('%s', async (_name, { reason, till = {}, ...parts }) => {
    const { entry } = give(parts);
    const question = { accountId: entry.accountId, code: entry.code, ...till };
    const validation = await world.ask(ValidateCode, question);
    expect(validation).toMatchObject({ valid: reason === null, reason, couponId: entry.couponId });
    if (reason) expect(await world.ask(ReserveCode, question)).toMatchObject({ outcome: 'refused', reason });
    expect(tally([await world.redeem(entry, till)])).toEqual({ [reason ?? 'redeemed']: 1 });
  });

  it('says when and where a spent coupon was spent', async () => {
    const { entry } = give();
    const redeemed = await world.redeem(entry, { storeId: 's1' });
    const standing = {
      redeemedAt: redeemed.outcome === 'redeemed' ? redeemed.redemption.redeemedAt : null,
      storeId: 's1',
    };
    const question = { accountId: entry.accountId, code: entry.code, storeId: 's2' };
    const reason = 'already_redeemed';
    expect(await world.ask(ValidateCode, question)).toMatchObject({ valid: false, reason, ...standing });
    expect(await world.ask(ReserveCode, question)).toEqual({ outcome: 'refused', reason, ...standing });
    expect(await world.redeem(entry, { storeId: 's2' })).toEqual({ outcome: 'refused', reason, ...standing });
  });

  it('says what the basket has to come to, and what it lacks', async () => {
    const redemption = { minBasket: 2_000 };
    const { entry } = give({ campaign: { discount: fiveEuros, redemption } });
    const minBasket = { amount: 2_000, currency: 'EUR' };
    const asked = (basket?: object) => world.ask(ValidateCode, { ...entry, basket });
    const missing = { amount: 1, currency: 'EUR' };
    const small = { total: 1_999, currency: 'EUR' };
    expect(await asked(small)).toMatchObject({ reason: 'min_basket', minBasket, missing });
    expect(await asked()).toMatchObject({ reason: 'min_basket', minBasket, missing: null });
    const yen = { total: 1_999, currency: 'JPY' };
    expect(await asked(yen)).toMatchObject({ reason: 'wrong_currency', minBasket, missing: null });
    expect(await asked({ total: 2_000 })).toMatchObject({ valid: true, minBasket, missing: null });
    const refused = { outcome: 'refused', reason: 'min_basket', minBasket, missing };
    expect(await world.redeem(entry, { basket: small })).toMatchObject(refused);
    expect(await world.ask(ReserveCode, { ...entry, basket: small })).toMatchObject(refused);
    expect(await world.ask(ValidateCode, give().entry)).toMatchObject({ minBasket: null, missing: null });
  });

  it('tells of a coupon that is spent always what it took off a known basket, in its currency', async () => {
    const spend = async (
      discount: NonNullable<Parameters<typeof campaignOf>[1]>['discount'],
      basket: object,
    ) => {
      const outcome = await world.redeem(give({ campaign: { discount } }).entry, { basket });
      return outcome.outcome === 'refused' ? outcome.reason : outcome.redemption.discount;
    };
    expect(await spend(fiveEuros, { total: 2_500 })).toEqual({ ...fiveEuros, amount: 500 });
    expect(await spend(fiveEuros, { total: 300, currency: 'EUR' })).toEqual({ ...fiveEuros, amount: 300 });
    const tenth = { kind: 'percent' as const, value: 10, currency: 'EUR' };
    // 4.35 % of 1000 is 43.5: half a minor unit rounds up, and nothing of it passes through binary fractions.
    const yen = { total: 1_000, currency: 'JPY' };
    expect(await spend({ ...tenth, value: 4.35 }, yen)).toEqual({
      kind: 'percent',
      value: 4.35,
      currency: 'JPY',
      amount: 44,
    });
    expect(await spend({ ...tenth, value: 0.29 }, { total: 10_000 })).toMatchObject({ amount: 29 });
    expect(await spend({ ...tenth, value: 1.005 }, { total: 100_000 })).toMatchObject({ amount: 1_005 });
  });

  it('asks again of a batch who has the same total in another currency', async () => {
    const { entry } = give({ campaign: { discount: fiveEuros } });
    const { accountId, code } = entry;
    const asked = (currency: string) => ({ accountId, code, basket: { total: 900, currency } });
    const outcomes = await world.askTogether(RedeemCode, [asked('JPY'), asked('JPY'), asked('EUR')]);
    expect(outcomes.map((outcome) => Object.keys(tally([outcome]))[0])).toEqual([
      'wrong_currency',
      'wrong_currency',
      'redeemed',
    ]);
  });

  it('refuses a withdrawn coupon', async () => {
    const { entry } = give();
    await world.ask(VoidCoupon, entry);
    expect(await world.ask(ValidateCode, entry)).toMatchObject({ valid: false, reason: 'voided' });
    expect(tally([await world.redeem(entry)])).toEqual({ voided: 1 });
  });

  it('answers each question of a batch about one code by itself', async () => {
    const { entry } = give({ campaign: { redemption: { storeIds: ['right'], minBasket: 500 } } });
    const { accountId, code } = entry;
    const outcomes = await world.askTogether(RedeemCode, [
      { accountId, code, storeId: 'wrong' },
      { accountId, code, storeId: 'wrong' },
      { accountId, code, storeId: 'right', basket: { total: 499 } },
      { accountId, code, storeId: 'right', basket: { total: 500 }, transactionRef: 'r1' },
      { accountId, code: code.toLowerCase(), storeId: 'right', basket: { total: 500 }, transactionRef: 'r1' },
      { accountId, code: `${code.slice(0, 3)}-${code.slice(3)} `, storeId: 'right', basket: { total: 900 } },
      { accountId: newAccount(), code },
    ]);
    const words = outcomes.map((outcome) => Object.keys(tally([outcome]))[0]);
    expect(words.slice(0, 2)).toEqual(['wrong_store', 'wrong_store']);
    expect(words.slice(2)).toEqual(['min_basket', 'redeemed', 'repeated', 'already_redeemed', 'not_found']);
  });
});

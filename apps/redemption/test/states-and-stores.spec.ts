import {
  CreateStore,
  GetCouponState,
  ListStores,
  RedeemCode,
  ReserveCode,
  ValidateCode,
  VoidCoupon,
  type DomainError,
} from '@tearoff/contracts';
import { eventually, tally } from '@tearoff/testing';
import { campaignOf, newCode } from './builders';
import { newAccount, redemptionOf, World } from './world';

let world: World;
beforeAll(async () => (world = await World.start()));
afterAll(() => world.stop());

const codeOf = (asked: Promise<unknown>) => asked.catch((error: DomainError) => error.code);

describe('the state of a coupon', () => {
  it('is what happened to it, with the store’s name', async () => {
    const campaign = campaignOf(newAccount());
    const { accountId } = campaign;
    const [coupon] = await world.issue(campaign);
    const others = [newAccount(), newAccount()];
    for (const [of, name] of [
      [others[0], 'Elsewhere'],
      [accountId, 'Main Street'],
      [others[1], 'Anywhere'],
    ])
      await world.ask(CreateStore, { accountId: of, store: { id: 's1', name } });
    const { redeemedAt } = redemptionOf(await world.redeem(coupon, { storeId: 's1', channel: 'online' }));
    const states = await world.askTogether(GetCouponState, [
      coupon,
      { accountId, code: newCode() },
      { accountId: newAccount(), code: coupon.code },
    ]);
    expect(states[0]).toEqual({
      state: 'redeemed',
      redeemedAt,
      storeId: 's1',
      storeName: 'Main Street',
      channel: 'online',
      voidedAt: null,
    });
    expect(states.slice(1).map(({ state }) => state)).toEqual(['unknown', 'unknown']);
  });
});

describe('withdrawing a coupon', () => {
  it('happens once, is told once, and cannot be done to a spent one', async () => {
    const [coupon, spent] = await world.issue(campaignOf(newAccount()), 2);
    const { accountId, code } = coupon;
    const states = await Promise.all(
      Array.from({ length: 5 }, () => world.ask(VoidCoupon, { accountId, code, reason: 'misprint' })),
    );
    expect(new Set(states.map(({ voidedAt }) => voidedAt)).size).toBe(1);
    expect(states[0].state).toBe('voided');
    const { redeemedAt } = redemptionOf(await world.redeem(spent));
    await expect(world.ask(VoidCoupon, spent)).rejects.toMatchObject({
      code: 'coupon.already_redeemed',
      kind: 'conflict',
      details: { redeemedAt, storeId: null },
    });
    expect(await codeOf(world.ask(VoidCoupon, { accountId, code: newCode() }))).toBe('coupon.not_found');
    const told = () => world.issuance.ledger.voided.filter((item) => item.accountId === accountId);
    await eventually(() => expect(told()).toHaveLength(1));
    expect(told()[0]).toMatchObject({ couponId: coupon.couponId, code, reason: 'misprint' });
    expect(told()[0].voidedAt).toBe(states[0].voidedAt);
  });
});

describe('a receipt number', () => {
  it('is a store’s own: the same number in another store is no retry', async () => {
    const [coupon] = await world.issue(campaignOf(newAccount()));
    const outcomes = [];
    for (const storeId of ['s1', 's1', undefined, 's2'])
      outcomes.push(await world.redeem(coupon, { storeId, transactionRef: '0042' }));
    expect(outcomes.map((outcome) => Object.keys(tally([outcome]))[0])).toEqual([
      'redeemed',
      'repeated',
      'repeated',
      'already_redeemed',
    ]);
  });

  it('that is not given is not repeated', async () => {
    const [coupon] = await world.issue(campaignOf(newAccount()));
    expect(tally([await world.redeem(coupon), await world.redeem(coupon)])).toEqual({
      redeemed: 1,
      already_redeemed: 1,
    });
  });
});

describe('stores', () => {
  it('are made with an id of the account’s own or one of ours, and listed by page', async () => {
    const accountId = newAccount();
    const make = (store: { id?: string; name: string; address?: string; timezone?: string }) =>
      world.ask(CreateStore, { accountId, store });
    const own = await make({ id: 'B-2', name: 'B', address: 'Main Street 1', timezone: 'Europe/Berlin' });
    expect(own).toEqual({
      id: 'B-2',
      accountId,
      name: 'B',
      address: 'Main Street 1',
      timezone: 'Europe/Berlin',
      createdAt: expect.any(String),
    });
    const ours = await make({ name: 'Ours' });
    expect(ours).toMatchObject({ id: expect.stringMatching(/^sto_/), address: null, timezone: null });
    const first = await make({ id: 'A:1', name: 'A' });
    expect(await codeOf(make({ id: 'B-2', name: 'again' }))).toBe('store.exists');
    expect(await codeOf(make({ name: 'x', timezone: 'Mars/Olympus' }))).toBe('store.invalid_timezone');
    expect(await codeOf(make({ name: 'x', timezone: '+01:00' }))).toBe('store.invalid_timezone');
    expect(await codeOf(make({ name: 'nul\0' }))).toBe('request.invalid_characters');
    const page = await world.ask(ListStores, { accountId, limit: 2 });
    expect(page.data).toEqual([first, own]);
    expect(await world.ask(ListStores, { accountId, limit: 2, cursor: page.nextCursor! })).toEqual({
      data: [ours],
      nextCursor: null,
    });
    for (const cursor of ['', '%'])
      expect(await codeOf(world.ask(ListStores, { accountId, cursor }))).toBe('request.invalid_cursor');
    expect(await world.ask(ListStores, { accountId: newAccount() })).toEqual({ data: [], nextCursor: null });
  });
});

describe('hostile input', () => {
  const codes = [
    "' or 1=1 --",
    '\0',
    'A\0B',
    '"\\u0000',
    '\ud800',
    '💥'.repeat(20),
    'ß'.repeat(100),
    'Ａ１２',
    '- - -',
    '{"a":1}',
    '{1,2}',
    '%_\\',
    'x'.repeat(100),
    '\u202Eabc',
  ];

  it.each(codes)('%j is a code that no one was given', async (code) => {
    const accountId = newAccount();
    expect(tally([await world.ask(RedeemCode, { accountId, code })])).toEqual({ not_found: 1 });
    expect(await world.ask(ValidateCode, { accountId, code })).toMatchObject({ reason: 'not_found', code });
    expect(await world.ask(ReserveCode, { accountId, code })).toMatchObject({ reason: 'not_found' });
    expect(await world.ask(GetCouponState, { accountId, code })).toMatchObject({ state: 'unknown' });
    expect(await codeOf(world.ask(VoidCoupon, { accountId, code }))).toBe('coupon.not_found');
  });

  it('in one question of a batch harms no other', async () => {
    const [good, other] = await world.issue(campaignOf(newAccount()), 2);
    const { accountId, code } = other;
    const asked = (rest: object) => codeOf(world.askTogether(RedeemCode, [{ accountId, code, ...rest }]));
    const [outcome, ...refusals] = await Promise.all([
      world.redeem(good),
      asked({ storeId: '\0' }),
      asked({ terminalId: 'half \udfff' }),
      asked({ transactionRef: 'nul\0' }),
      asked({ basket: { items: [{ sku: '\0' }] } }),
      asked({ basket: { items: [{ name: '\ud83d' }] } }),
    ]);
    expect(refusals).toEqual(refusals.map(() => 'request.invalid_characters'));
    expect(tally([outcome])).toEqual({ redeemed: 1 });
    expect(await codeOf(world.ask(RedeemCode, { accountId }))).toBe('redemption.code_missing');
    expect(await codeOf(world.ask(RedeemCode, { accountId, reservationId: '\0' }))).toBe(
      'reservation.not_found',
    );
  });

  it('is kept to the letter where text can be kept', async () => {
    const [coupon] = await world.issue(campaignOf(newAccount()));
    const text = `"'\\ {a,b} NULL \u2028 💥 \\u0000`;
    const till = {
      storeId: text,
      terminalId: text,
      transactionRef: text,
      basket: { items: [{ name: text }] },
    };
    expect(redemptionOf(await world.redeem(coupon, till))).toMatchObject(till);
    expect(redemptionOf(await world.redeem(coupon, till))).toMatchObject(till);
  });
});

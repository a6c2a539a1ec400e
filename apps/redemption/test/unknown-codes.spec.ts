import { GetCouponState, ReserveCode, ValidateCode, VoidCoupon, type DomainError } from '@tearoff/contracts';
import { eventually, overBothTransports, tally } from '@tearoff/testing';
import { campaignOf, entryOf, newCode } from './builders';
import { newAccount, World } from './world';

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => (world = await World.start(1, means)));
  afterAll(() => world.stop());

  /** Given out, and no one told redemption. */
  const unheard = (accountId = newAccount(), parts: Parameters<typeof campaignOf>[1] = {}) => {
    const campaign = campaignOf(accountId, parts);
    const coupon = entryOf(campaign);
    world.issuance.ledger.give(campaign, coupon);
    return { campaign, coupon };
  };

  it('redeems a coupon before it was told that it was issued, and once when told later', async () => {
    const { campaign, coupon } = unheard();
    expect(await world.ask(GetCouponState, coupon)).toMatchObject({ state: 'unknown' });
    expect(tally([await world.redeem(coupon)])).toEqual({ redeemed: 1 });
    await world.issuance.tellIssued(campaign, [coupon]);
    const [marker] = await world.issue(campaign);
    expect(tally([await world.redeem(coupon), await world.redeem(marker)])).toEqual({
      already_redeemed: 1,
      redeemed: 1,
    });
  });

  it('validates, reserves and withdraws such coupons too', async () => {
    const { coupon } = unheard();
    expect(await world.ask(ValidateCode, coupon)).toMatchObject({ valid: true, couponId: coupon.couponId });
    const second = unheard().coupon;
    expect(await world.ask(ReserveCode, second)).toMatchObject({ outcome: 'reserved' });
    const third = unheard().coupon;
    expect(await world.ask(VoidCoupon, third)).toMatchObject({ state: 'voided' });
    expect(tally([await world.redeem(third)])).toEqual({ voided: 1 });
  });

  it('fetches a campaign that it was not told of', async () => {
    const { campaign, coupon } = unheard();
    await world.issuance.tellIssued(campaign, [coupon]);
    await eventually(async () => (await world.ask(GetCouponState, coupon)).state === 'issued');
    expect(tally([await world.redeem(coupon)])).toEqual({ redeemed: 1 });
  });

  it('keeps the newest version of a campaign, in whatever order the versions come', async () => {
    const first = campaignOf(newAccount(), { version: 3, status: 'paused' });
    const [coupon] = await world.issue(first);
    await world.issuance.tellCampaign({ ...first, version: 2, status: 'active' });
    await world.issuance.tellCampaign({ ...first, version: 1, status: 'ended' });
    const [marker] = await world.issue(campaignOf(newAccount()));
    expect(tally([await world.redeem(marker), await world.redeem(coupon)])).toEqual({
      redeemed: 1,
      campaign_paused: 1,
    });
    await world.issuance.tellCampaign({ ...first, version: 4, status: 'active' });
    await eventually(async () => tally([await world.redeem(coupon)]).redeemed === 1);
  });

  it('calls a code unknown that was never given out, and that another account gave out', async () => {
    const { coupon } = unheard();
    const [told] = await world.issue(campaignOf(newAccount()));
    const accountId = newAccount();
    expect(tally([await world.redeem({ ...coupon, code: newCode() })])).toEqual({ not_found: 1 });
    expect(tally([await world.redeem({ ...coupon, accountId })])).toEqual({ not_found: 1 });
    expect(tally([await world.redeem({ ...told, accountId })])).toEqual({ not_found: 1 });
    expect(await world.ask(ValidateCode, { ...told, accountId })).toMatchObject({
      reason: 'not_found',
      couponId: null,
      content: null,
    });
  });

  it('asks about a mistyped code only for accounts that have imported codes', async () => {
    const { ledger } = world.issuance;
    const { coupon } = unheard();
    const mistyped = (code: string) => `${code.slice(0, -1)}${code.endsWith('X') ? 'Y' : 'X'}`;
    // That the account has none is known for a moment after any answer of issuance's.
    await eventually(async () => {
      await world.redeem({ ...coupon, code: newCode() });
      ledger.asked.length = 0;
      expect(tally([await world.redeem({ ...coupon, code: mistyped(coupon.code) })])).toEqual({
        not_found: 1,
      });
      return ledger.asked.length === 0;
    });
    ledger.importedCodes = true;
    const campaign = campaignOf(newAccount());
    const imported = entryOf(campaign, { code: 'summer-2x' });
    ledger.give(campaign, imported);
    const outcome = await world.redeem({ ...imported, code: ' SUMMER 2X ' });
    ledger.importedCodes = false;
    expect(outcome).toMatchObject({ outcome: 'redeemed', redemption: { code: 'summer-2x' } });
  });
});

describe('while issuance is away', () => {
  let world: World;
  beforeAll(async () => (world = await World.start()));
  afterAll(() => world.stop());

  it('says that it cannot tell, and goes on serving what it knows', async () => {
    const campaign = campaignOf(newAccount());
    const [known] = await world.issue(campaign);
    const away = entryOf(campaign);
    await world.issuance.stop();
    const refusal = (asked: Promise<unknown>) => asked.catch((error: DomainError) => error.kind);
    expect(await refusal(world.redeem(away))).toBe('unavailable');
    expect(await refusal(world.ask(ValidateCode, away))).toBe('unavailable');
    expect(await refusal(world.ask(VoidCoupon, away))).toBe('unavailable');
    expect(tally([await world.redeem(known)])).toEqual({ redeemed: 1 });
  });
});

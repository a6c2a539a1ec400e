import {
  ListRedemptions,
  RedeemCode,
  ReleaseReservation,
  ReserveCode,
  ReverseRedemption,
  ValidateCode,
  type CodeEntry,
  type DomainError,
  type Reservation,
} from '@tearoff/contracts';
import { eventually, overBothTransports, tally } from '@tearoff/testing';
import { campaignOf } from './builders';
import { newAccount, redemptionOf, World } from './world';

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => (world = await World.start(2, means)));
  afterAll(() => world.stop());

  const issue = async () => (await world.issue(campaignOf(newAccount())))[0];
  const reserve = async ({ accountId, code }: CodeEntry, storeId = 's1', ttlSeconds?: number) => {
    const outcome = await world.ask(ReserveCode, { accountId, code, storeId, ttlSeconds });
    if (outcome.outcome === 'refused') throw new Error(outcome.reason);
    return outcome.reservation;
  };
  const runOut = ({ id }: Reservation) =>
    world.dataSource.query(
      `update coupon set reserved_until = now() - interval '1 millisecond' where reservation_id = $1`,
      [id],
    );
  const codeOf = (asked: Promise<unknown>) => asked.catch((error: DomainError) => error.code);

  it('holds a coupon for one of 50 tills that ask at once', async () => {
    const { accountId, code } = await issue();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => world.ask(ReserveCode, { accountId, code })),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(1);
    expect(outcomes.filter((outcome) => 'reason' in outcome && outcome.reason === 'reserved')).toHaveLength(
      49,
    );
  });

  it('lets only its holder spend it, also when the answer was lost', async () => {
    const coupon = await issue();
    const { accountId } = coupon;
    const { id: reservationId, ...reservation } = await reserve(coupon);
    expect(reservation).toMatchObject({ code: coupon.code, couponId: coupon.couponId, storeId: 's1' });
    const ahead = Date.parse(reservation.expiresAt) - Date.now();
    expect(ahead).toBeGreaterThan(60_000);
    expect(await world.ask(ValidateCode, coupon)).toMatchObject({ valid: false, reason: 'reserved' });
    expect(tally([await world.redeem(coupon, { storeId: 's1' })])).toEqual({ reserved: 1 });
    const spend = () => world.redeem({ ...coupon, code: undefined! }, { reservationId, transactionRef: 'r' });
    const first = await spend();
    expect(tally([first, await spend()])).toEqual({ redeemed: 1, repeated: 1 });
    expect(tally([await world.redeem(coupon, { reservationId })])).toEqual({ already_redeemed: 1 });
    expect(await codeOf(world.ask(ReleaseReservation, { accountId, reservationId }))).toBe(
      'reservation.not_found',
    );
    const reversed = await world.ask(ReverseRedemption, { accountId, redemptionId: redemptionOf(first).id });
    expect(await spend()).toEqual({ outcome: 'repeated', redemption: reversed });
    for (const rest of [{}, { transactionRef: 'another' }, { transactionRef: 'r', storeId: 's2' }])
      expect(await codeOf(world.redeem(coupon, { reservationId, ...rest }))).toBe('reservation.not_found');
    expect(tally([await world.redeem(coupon)])).toEqual({ redeemed: 1 });
    expect(await spend()).toEqual({ outcome: 'repeated', redemption: reversed });
  });

  describe('gives the redemption what it leaves unsaid', () => {
    const discount = { kind: 'percent' as const, value: 10 };
    const redemption = { storeIds: ['s1', 's2'], channels: ['online' as const], minBasket: 1_000 };
    const till = {
      storeId: 's1',
      terminalId: 't1',
      channel: 'online' as const,
      basket: { total: 2_000, currency: 'EUR', items: [{ sku: '1' }] },
    };
    const hold = async (asked: object = till) => {
      const [coupon] = await world.issue(campaignOf(newAccount(), { discount, redemption }));
      const { accountId, code } = coupon;
      const outcome = await world.ask(ReserveCode, { accountId, code, ...asked });
      if (outcome.outcome === 'refused') throw new Error(outcome.reason);
      const reservationId = outcome.reservation.id;
      const spend = (rest: object = {}) => world.ask(RedeemCode, { accountId, reservationId, ...rest });
      return { coupon, reservationId, spend };
    };

    it('so that its id alone suffices', async () => {
      const { coupon, spend } = await hold();
      const spent = await spend();
      expect(redemptionOf(spent)).toMatchObject({ ...till, code: coupon.code, discount: { amount: 200 } });
      const { data } = await world.ask(ListRedemptions, { accountId: coupon.accountId, storeId: 's1' });
      expect(data).toEqual([redemptionOf(spent)]);
    });

    it('and nothing that it says, which is evaluated', async () => {
      const { spend } = await hold();
      expect(tally([await spend({ storeId: 's3' })])).toEqual({ wrong_store: 1 });
      expect(tally([await spend({ channel: 'store' })])).toEqual({ wrong_channel: 1 });
      expect(tally([await spend({ basket: { total: 999 } })])).toEqual({ min_basket: 1 });
      const said = { storeId: 's2', terminalId: 't2', basket: { total: 1_000 }, transactionRef: 'r' };
      expect(redemptionOf(await spend(said))).toMatchObject({ ...said, discount: { amount: 100 } });
      // A retry need not say the store again: the reservation’s is not taken for another.
      expect(tally([await spend({ transactionRef: 'r' })])).toEqual({ repeated: 1 });
    });

    it('until it is used up or another takes its place', async () => {
      const { coupon, reservationId, spend } = await hold();
      const { accountId, code } = coupon;
      await world.ask(ReleaseReservation, { accountId, reservationId });
      expect(await codeOf(spend())).toBe('reservation.not_found');
      expect(tally([await world.redeem(coupon)])).toEqual({ wrong_store: 1 });
      const asked = { accountId, code, storeId: 's2', channel: 'online' as const, basket: { total: 5_000 } };
      const next = await world.ask(ReserveCode, asked);
      if (next.outcome === 'refused') throw new Error(next.reason);
      const spent = await world.ask(RedeemCode, { accountId, reservationId: next.reservation.id });
      expect(redemptionOf(spent)).toMatchObject({
        storeId: 's2',
        terminalId: null,
        basket: { total: 5_000 },
      });
    });

    it('to the letter, and refuses at once what cannot be kept', async () => {
      const basket = { total: 1_000, items: [{ name: `"'\\ {a,b} NULL 💥 \\u0000` }] };
      const { spend } = await hold({ ...till, terminalId: '"{}', basket });
      expect(redemptionOf(await spend())).toMatchObject({ terminalId: '"{}', basket });
      expect(await codeOf(hold({ ...till, terminalId: '\0' }))).toBe('request.invalid_characters');
      const items = [{ name: '\ud83d' }];
      expect(await codeOf(hold({ ...till, basket: { items } }))).toBe('request.invalid_characters');
    });
  });

  it('frees itself when its time is over', async () => {
    const coupon = await issue();
    const old = await reserve(coupon, 's1', 1);
    await eventually(async () => (await world.ask(ValidateCode, coupon)).valid);
    expect(await codeOf(world.redeem(coupon, { reservationId: old.id }))).toBe('reservation.not_found');
    const next = await reserve(coupon, 's2');
    expect(await codeOf(world.redeem(coupon, { reservationId: old.id }))).toBe('reservation.not_found');
    expect(tally([await world.redeem(coupon, { reservationId: next.id })])).toEqual({ redeemed: 1 });
  });

  it('that has run out is not spent by another’s redemption', async () => {
    const coupon = await issue();
    const reservation = await reserve(coupon);
    await runOut(reservation);
    expect(tally([await world.redeem(coupon)])).toEqual({ redeemed: 1 });
    const { accountId } = coupon;
    expect(await codeOf(world.ask(ReleaseReservation, { accountId, reservationId: reservation.id }))).toBe(
      'reservation.not_found',
    );
    expect(await codeOf(world.redeem(coupon, { reservationId: reservation.id }))).toBe(
      'reservation.not_found',
    );
  });

  it('can be released, by its account, once', async () => {
    const coupon = await issue();
    const { id: reservationId } = await reserve(coupon);
    const release = (accountId: string) =>
      codeOf(world.ask(ReleaseReservation, { accountId, reservationId }));
    expect(await release(newAccount())).toBe('reservation.not_found');
    expect(await release(coupon.accountId)).toEqual({});
    expect(await release(coupon.accountId)).toBe('reservation.not_found');
    expect(tally([await world.redeem(coupon)])).toEqual({ redeemed: 1 });
  });

  it('is of one code: another code with it is refused', async () => {
    const campaign = campaignOf(newAccount());
    const [held, other] = await world.issue(campaign, 2);
    const { id: reservationId } = await reserve(held);
    expect(await codeOf(world.redeem(other, { reservationId }))).toBe('reservation.not_found');
    expect(await codeOf(world.redeem({ ...held, accountId: newAccount() }, { reservationId }))).toBe(
      'reservation.not_found',
    );
  });
});

import {
  ListRedemptions,
  newId,
  RedeemCode,
  ReverseRedemption,
  ValidateCode,
  VoidCoupon,
  type DomainError,
  type RedeemOutcome,
} from '@tearoff/contracts';
import { eventually, overBothTransports, tally } from '@tearoff/testing';
import { maxReversedRefs } from '../src/redemptions/reversed-refs';
import { campaignOf } from './builders';
import { newAccount, redemptionOf, World } from './world';

const undoIn = async (world: World, outcome: RedeemOutcome) => {
  const { accountId, id: redemptionId } = redemptionOf(outcome);
  return world.ask(ReverseRedemption, { accountId, redemptionId });
};

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => (world = await World.start(2, means)));
  afterAll(() => world.stop());

  const issue = async () => (await world.issue(campaignOf(newAccount())))[0];
  const undo = (outcome: RedeemOutcome) => undoIn(world, outcome);

  it('gives the coupon back, once, and keeps the history', async () => {
    const coupon = await issue();
    const { accountId, code } = coupon;
    const transactionRef = 'receipt 1';
    const first = redemptionOf(await world.redeem(coupon, { transactionRef, storeId: 's1' }));
    const reverse = { accountId, redemptionId: first.id, reason: 'changed her mind' };
    const undone = await Promise.allSettled(
      Array.from({ length: 20 }, () => world.ask(ReverseRedemption, reverse)),
    );
    const reversed = undone.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    expect(reversed).toEqual([
      { ...first, reversedAt: expect.any(String), reverseReason: 'changed her mind' },
    ]);
    for (const result of undone)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'redemption.already_reversed', kind: 'conflict' });

    expect(await world.ask(ValidateCode, coupon)).toMatchObject({
      valid: true,
      redeemedAt: null,
      storeId: null,
    });
    const second = await world.redeem(coupon, { transactionRef: 'receipt 2' });
    expect(tally([second])).toEqual({ redeemed: 1 });
    expect(redemptionOf(second).id).not.toBe(first.id);
    await expect(world.ask(ReverseRedemption, reverse)).rejects.toMatchObject({
      code: 'redemption.already_reversed',
    });

    const { data } = await world.ask(ListRedemptions, { accountId, code: code.toLowerCase() });
    expect(data).toEqual([redemptionOf(second), reversed[0]]);
    const told = () => world.issuance.ledger.reversed.filter((item) => item.accountId === accountId);
    await eventually(() => expect(told()).toHaveLength(1));
    expect(told()[0]).toMatchObject({
      redemptionId: first.id,
      code,
      storeId: 's1',
      redeemedAt: first.redeemedAt,
      reversedAt: reversed[0].reversedAt,
      reason: 'changed her mind',
    });
  });

  describe('and the same transactionRef', () => {
    it('is answered what became of its redemption, and only another redeems anew', async () => {
      const coupon = await issue();
      const spend = (transactionRef: string, storeId?: string) =>
        world.redeem(coupon, { transactionRef, storeId });
      const reversed = await undo(await spend('receipt 1', 's1'));
      const late = { outcome: 'repeated', redemption: reversed };
      expect(await spend('receipt 1', 's1')).toEqual(late);
      expect(await spend('receipt 1')).toEqual(late);
      const { accountId } = coupon;
      expect((await world.ask(ValidateCode, coupon)).valid).toBe(true);

      const second = await spend('receipt 2', 's1');
      expect(tally([second])).toEqual({ redeemed: 1 });
      expect(await spend('receipt 1', 's1')).toEqual(late);
      expect(tally([await spend('receipt 3', 's1')])).toEqual({ already_redeemed: 1 });
      const both = await undo(second);
      expect(await spend('receipt 1', 's1')).toEqual(late);
      expect(await spend('receipt 2', 's1')).toEqual({ outcome: 'repeated', redemption: both });
      expect((await world.ask(ListRedemptions, { accountId })).data).toHaveLength(2);
      // Receipt numbers are a store's own.
      expect(tally([await spend('receipt 1', 's2')])).toEqual({ redeemed: 1 });
    });

    it('on another coupon is another redemption', async () => {
      const [one, other] = await world.issue(campaignOf(newAccount()), 2);
      const transactionRef = 'receipt 1';
      await undo(await world.redeem(one, { transactionRef }));
      expect(tally([await world.redeem(other, { transactionRef })])).toEqual({ redeemed: 1 });
    });

    it('is answered so though the coupon has been withdrawn or has expired since', async () => {
      const [withdrawn, expired] = await world.issue(campaignOf(newAccount()), 2);
      const transactionRef = 'receipt 1';
      for (const coupon of [withdrawn, expired]) await undo(await world.redeem(coupon, { transactionRef }));
      await world.ask(VoidCoupon, withdrawn);
      await world.dataSource.query(
        `update coupon set own_valid_to = now() - interval '1 hour' where account_id = $1 and code = $2`,
        [expired.accountId, expired.code],
      );
      for (const [coupon, reason] of [
        [withdrawn, 'voided'],
        [expired, 'expired'],
      ] as const) {
        expect(tally([await world.redeem(coupon, { transactionRef })])).toEqual({ repeated: 1 });
        expect(tally([await world.redeem(coupon, { transactionRef: 'another' })])).toEqual({ [reason]: 1 });
      }
    });

    it('is answered so in a batch that spends the coupon under another', async () => {
      const coupon = await issue();
      const { accountId, code } = coupon;
      const reversed = await undo(await world.redeem(coupon, { transactionRef: 'r1' }));
      const outcomes = await world.askTogether(
        RedeemCode,
        ['r1', 'r2', 'r1', 'r2', 'r3'].map((transactionRef) => ({ accountId, code, transactionRef })),
      );
      expect(outcomes.map(({ outcome }) => outcome)).toEqual([
        'repeated',
        'redeemed',
        'repeated',
        'repeated',
        'refused',
      ]);
      for (const at of [0, 2]) expect(redemptionOf(outcomes[at])).toEqual(reversed);
      expect(redemptionOf(outcomes[3]).id).toBe(redemptionOf(outcomes[1]).id);
    });

    it('spends nothing anew however retries and reversals cross', async () => {
      const coupons = await world.issue(campaignOf(newAccount()), 20);
      for (const coupon of coupons) {
        const spend = () => world.redeem(coupon, { transactionRef: 'r1' });
        const first = await spend();
        await Promise.all([spend(), spend(), undo(first), spend(), spend()]);
      }
      const { data } = await world.ask(ListRedemptions, { accountId: coupons[0].accountId, limit: 100 });
      expect(data.map(({ reversedAt }) => reversedAt !== null)).toEqual(coupons.map(() => true));
    });

    it('is seen by a retry that waited for the coupon while it was redeemed and reversed', async () => {
      const coupon = await issue();
      const { accountId, code } = coupon;
      const holder = world.dataSource.createQueryRunner();
      await holder.startTransaction();
      await holder.query(`select 1 from coupon where account_id = $1 and code = $2 for update`, [
        accountId,
        code,
      ]);
      const [{ pid }] = (await holder.query(`select pg_backend_pid() as pid`)) as [{ pid: number }];
      const retry = world.redeem(coupon, { transactionRef: 'r1' });
      await eventually(async () => {
        const waiting = await world.dataSource.query<unknown[]>(
          `select 1 from pg_stat_activity where $1 = any (pg_blocking_pids(pid))`,
          [pid],
        );
        expect(waiting).toHaveLength(1);
      });
      // What a redemption and its reversal leave, committed while the retry's statement waits.
      const id = newId('redemption');
      await holder.query(
        `insert into redemption (account_id, id, code, coupon_id, campaign_id, channel, transaction_ref,
           redeemed_at, reversed_at) values ($1, $2, $3, $4, $5, 'store', 'r1', now(), now())`,
        [accountId, id, code, coupon.couponId, coupon.campaignId],
      );
      await holder.query(
        `update coupon set reversed_refs = $3, changed_at = now() where account_id = $1 and code = $2`,
        [accountId, code, JSON.stringify([{ id, ref: 'r1', storeId: null }])],
      );
      await holder.commitTransaction();
      await holder.release();
      const outcome = await retry;
      expect(tally([outcome])).toEqual({ repeated: 1 });
      expect(redemptionOf(outcome)).toMatchObject({ id, reversedAt: expect.any(String) });
    });
  });

  it('comes after its redemption and before the next, though the clock is set back meanwhile', async () => {
    const coupon = await issue();
    const ahead = async () => {
      await world.dataSource.query(
        `update coupon set changed_at = changed_at + interval '1 hour' where account_id = $1`,
        [coupon.accountId],
      );
      const [{ changed_at }] = await world.dataSource.query<{ changed_at: Date }[]>(
        `select changed_at from coupon where account_id = $1`,
        [coupon.accountId],
      );
      return new Date(changed_at.getTime() + 1).toISOString();
    };
    const { accountId, id: redemptionId } = redemptionOf(await world.redeem(coupon));
    const afterFirst = await ahead();
    expect(await world.ask(ReverseRedemption, { accountId, redemptionId })).toMatchObject({
      reversedAt: afterFirst,
    });
    const afterSecond = await ahead();
    expect(redemptionOf(await world.redeem(coupon)).redeemedAt).toBe(afterSecond);
  });

  it('knows no redemption of another account, nor one that never was', async () => {
    const redemption = redemptionOf(await world.redeem(await issue()));
    const ask = (accountId: string, redemptionId: string) =>
      world.ask(ReverseRedemption, { accountId, redemptionId }).catch((error: DomainError) => error.code);
    expect(await ask(newAccount(), redemption.id)).toBe('redemption.not_found');
    expect(await ask(redemption.accountId, 'red_0000000000')).toBe('redemption.not_found');
    expect(await ask(redemption.accountId, "' or \0 true")).toBe('redemption.not_found');
  });
});

describe('the list of redemptions', () => {
  let world: World;
  beforeAll(async () => (world = await World.start()));
  afterAll(() => world.stop());

  it('remembers more reversed transactionRefs than a coupon’s row keeps', async () => {
    const [coupon] = await world.issue(campaignOf(newAccount()));
    const reversed = [];
    for (let at = 0; at < maxReversedRefs + 2; at++)
      reversed.push(await undoIn(world, await world.redeem(coupon, { transactionRef: `r${at}` })));
    const { accountId, code } = coupon;
    const asked = ['r0', 'r1', 'r2', 'new'].map((transactionRef) => ({ accountId, code, transactionRef }));
    const outcomes = await world.askTogether(RedeemCode, asked);
    expect(tally(outcomes)).toEqual({ repeated: 3, redeemed: 1 });
    for (const at of [0, 1, 2]) expect(redemptionOf(outcomes[at])).toEqual(reversed[at]);
    const kept = await world.dataSource.query<{ size: number }[]>(
      `select jsonb_array_length(reversed_refs) as size from coupon where account_id = $1`,
      [accountId],
    );
    expect(kept).toEqual([{ size: maxReversedRefs }]);
  });

  it('is newest first, by page, and can be narrowed', async () => {
    const campaign = campaignOf(newAccount());
    const { accountId } = campaign;
    const made = [];
    for (const [index, coupon] of (await world.issue(campaign, 5)).entries())
      made.unshift(
        redemptionOf(
          await world.redeem(coupon, {
            storeId: `s${index % 2}`,
            transactionRef: `r${index}`,
            terminalId: 't',
            channel: 'online',
            basket: { total: 5, items: [{ sku: "a'b\\u0000" }] },
          }),
        ),
      );
    const first = await world.ask(ListRedemptions, { accountId, limit: 3 });
    expect(first.data).toEqual(made.slice(0, 3));
    const second = await world.ask(ListRedemptions, { accountId, limit: 3, cursor: first.nextCursor! });
    expect(second).toEqual({ data: made.slice(3), nextCursor: null });
    const narrowed = async (filter: object) =>
      (await world.ask(ListRedemptions, { accountId, ...filter })).data;
    expect(await narrowed({ storeId: 's1' })).toEqual([made[1], made[3]]);
    expect(await narrowed({ transactionRef: 'r2' })).toEqual([made[2]]);
    expect(await narrowed({ campaignId: campaign.id, storeId: 's0' })).toEqual([made[0], made[2], made[4]]);
    expect(await narrowed({ storeId: 'nul\0' })).toEqual([]);
    await expect(narrowed({ cursor: '%' })).rejects.toMatchObject({ code: 'request.invalid_cursor' });
  });
});

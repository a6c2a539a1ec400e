import { ListRedemptions, ReverseRedemption, ValidateCode, type DomainError } from '@tearoff/contracts';
import { eventually, overBothTransports, tally } from '@tearoff/testing';
import { campaignOf } from './builders';
import { newAccount, redemptionOf, World } from './world';

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => (world = await World.start(2, means)));
  afterAll(() => world.stop());

  const issue = async () => (await world.issue(campaignOf(newAccount())))[0];

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
    const second = await world.redeem(coupon, { transactionRef });
    expect(tally([second])).toEqual({ redeemed: 1 });
    expect(redemptionOf(second).id).not.toBe(first.id);
    expect(redemptionOf(await world.redeem(coupon, { transactionRef })).id).toBe(redemptionOf(second).id);
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

  it('lets the same transactionRef spend the coupon anew, though it be a till’s late retry', async () => {
    const coupon = await issue();
    const spend = () => world.redeem(coupon, { transactionRef: 'receipt 2', storeId: 's1' });
    const first = await spend();
    const retried = await spend();
    expect(tally([first, retried])).toEqual({ redeemed: 1, repeated: 1 });
    const { accountId, id: redemptionId } = redemptionOf(first);
    await world.ask(ReverseRedemption, { accountId, redemptionId });
    const late = await spend();
    expect(tally([late, await spend()])).toEqual({ redeemed: 1, repeated: 1 });
    expect(redemptionOf(late).id).not.toBe(redemptionId);
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

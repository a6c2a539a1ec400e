import { ListRedemptions, ReverseRedemption, VoidCoupon, type DomainError } from '@tearoff/contracts';
import { eventually, overBothTransports, tally } from '@tearoff/testing';
import { campaignOf } from './builders';
import { newAccount, redemptionOf, World } from './world';

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => (world = await World.start(2, means)));
  afterAll(() => world.stop());

  const times = <T>(count: number, ask: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => ask(index)));

  it('lets one of 200 tills that redeem the same code at once have it', async () => {
    const [coupon] = await world.issue(campaignOf(newAccount()));
    const { answers: outcomes, releasedAt } = await world.whileHeld(coupon, 4, () =>
      times(200, (till) => world.redeem(coupon, { storeId: 's1', terminalId: `t${till}` })),
    );
    expect(tally(outcomes)).toEqual({ redeemed: 1, already_redeemed: 199 });
    const winner = redemptionOf(outcomes.find(({ outcome }) => outcome === 'redeemed')!);
    expect(Date.parse(winner.redeemedAt)).toBeGreaterThanOrEqual(releasedAt.getTime());
    for (const outcome of outcomes)
      if (outcome.outcome === 'refused')
        expect(outcome).toMatchObject({ redeemedAt: winner.redeemedAt, storeId: 's1' });
    const { data } = await world.ask(ListRedemptions, { accountId: coupon.accountId });
    expect(data).toEqual([winner]);
  });

  it('answers 50 simultaneous retries of one receipt with one redemption', async () => {
    const [coupon] = await world.issue(campaignOf(newAccount()));
    const outcomes = await times(50, () => world.redeem(coupon, { transactionRef: 'receipt 7' }));
    expect(tally(outcomes)).toEqual({ redeemed: 1, repeated: 49 });
    expect(new Set(outcomes.map((outcome) => JSON.stringify(redemptionOf(outcome)))).size).toBe(1);
  });

  it('spends each of many codes once, in batches that meet in every order, and tells of each once', async () => {
    const coupons = await world.issue(campaignOf(newAccount()), 60);
    const asked = Array.from({ length: 600 }, (_, index) => coupons[(index * 7 + (index % 13)) % 60]);
    const outcomes = await times(600, (index) => world.redeem(asked[index]));
    const spent = outcomes.flatMap((outcome) =>
      outcome.outcome === 'redeemed' ? outcome.redemption.code : [],
    );
    expect(spent.toSorted()).toEqual(coupons.map(({ code }) => code).toSorted());
    expect(tally(outcomes)).toEqual({ redeemed: 60, already_redeemed: 540 });
    const { ledger } = world.issuance;
    const told = () => ledger.redeemed.filter(({ accountId }) => accountId === coupons[0].accountId);
    await eventually(() =>
      expect(
        told()
          .map(({ code }) => code)
          .toSorted(),
      ).toEqual(spent.toSorted()),
    );
  });

  it('redeems or withdraws a coupon, never both', async () => {
    const coupons = await world.issue(campaignOf(newAccount()), 20);
    const results = await Promise.all(
      coupons.map(async (coupon) => {
        const [redeemed, voided] = await Promise.all([
          world.redeem(coupon),
          world.ask(VoidCoupon, coupon).catch((error: DomainError) => error.code),
        ]);
        return [tally([redeemed]), voided] as const;
      }),
    );
    for (const [redeemed, voided] of results) {
      if (voided === 'coupon.already_redeemed') expect(redeemed).toEqual({ redeemed: 1 });
      else expect([redeemed, voided]).toEqual([{ voided: 1 }, expect.objectContaining({ state: 'voided' })]);
    }
  });

  it('never has two standing redemptions of a code that is redeemed and reversed by many at once', async () => {
    const [coupon] = await world.issue(campaignOf(newAccount()));
    const { accountId } = coupon;
    const till = async () => {
      for (let round = 0; round < 5; round++) {
        const outcome = await world.redeem(coupon);
        if (outcome.outcome === 'redeemed')
          await world.ask(ReverseRedemption, { accountId, redemptionId: outcome.redemption.id });
        else expect(tally([outcome])).toEqual({ already_redeemed: 1 });
      }
    };
    await times(20, till);
    const { data } = await world.ask(ListRedemptions, { accountId, limit: 500 });
    expect(data.length).toBeGreaterThan(0);
    const spans = data.toSorted((a, b) => a.redeemedAt.localeCompare(b.redeemedAt));
    expect(spans.every(({ reversedAt }) => reversedAt !== null)).toBe(true);
    // Anyone who is told of all of it can put it in order by its instants alone.
    spans.slice(1).forEach((span, index) => expect(span.redeemedAt > spans[index].reversedAt!).toBe(true));
  });
});

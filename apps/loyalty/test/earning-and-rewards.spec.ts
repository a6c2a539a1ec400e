import {
  CouponRedeemed,
  CouponVoided,
  EventRecorded,
  GetRewardIssue,
  newId,
  PointsAwarded,
  PointsNotAwarded,
  PointsSpent,
  RedeemReward,
  RedemptionReversed,
  RewardGranted,
  RewardIssued,
  RewardOrderSettled,
  type Card,
  type Enrolment,
  type Member,
  type RewardOrder,
} from '@tearoff/contracts';
import { eventually, overBothTransports, times } from '@tearoff/testing';
import { couponOf, recordedOf, redeemedOf, reversedOf, voidedOf } from './builders';
import { World } from './world';

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => (world = await World.start({ means, instances: 2, callers: 4 })));
  beforeEach(() => (world.accountId = newId('account')));
  afterEach(() => {
    world.clock.goOn();
    return world.expectSoundLedgers();
  });
  afterAll(() => world.stop());

  const amounts = async (enrolment: Enrolment) =>
    (await world.ledger(enrolment)).map(({ kind, amount }) => [kind, amount]);

  /** A coupon that issuance says is theirs. */
  const couponFor = (member: Member, campaignId = newId('campaign')) => {
    const coupon = couponOf(world.accountId, campaignId, { email: member.email! });
    world.neighbours.coupons.set(coupon.id, coupon);
    return coupon;
  };
  const emailed = () => world.member({ email: `${newId('member')}@example.com` });

  describe('earning', () => {
    it('awards what a redemption is worth once, on every card they are on whose rules it fits', async () => {
      const campaignId = newId('campaign');
      const perCoupon = await world.card({ earning: [{ on: 'redemption', points: 5 }] });
      const perEuro = await world.card({
        earning: [
          {
            on: 'amount',
            points: 1,
            per: 100,
            currency: 'EUR',
            rounding: 'nearest',
            campaignIds: [campaignId],
          },
          { on: 'redemption', points: 2 },
        ],
      });
      const other = await world.card({
        earning: [{ on: 'redemption', points: 9, campaignIds: [newId('campaign')] }],
      });
      const member = await emailed();
      const enrolments = [];
      for (const card of [perCoupon, perEuro, other]) enrolments.push(await world.enrol(card, member));
      const redeemed = redeemedOf(couponFor(member, campaignId), {
        basket: { total: 1_250, currency: 'EUR' },
      });
      await world.tell(CouponRedeemed, redeemed);
      await world.tell(CouponRedeemed, redeemed, redeemed);
      const balances = await Promise.all(enrolments.map((enrolment) => world.standing(enrolment)));
      expect(balances.map(({ balance }) => balance)).toEqual([5, 15, 0]);
      expect(await world.ledger(enrolments[1])).toMatchObject([
        { amount: 15, reference: redeemed.redemptionId, by: 'redemption', storeId: 's1' },
      ]);
    });

    it('takes back what a reversed redemption earned, also when it hears of the reversal first', async () => {
      const card = await world.card({ earning: [{ on: 'redemption', points: 5 }] });
      const member = await emailed();
      const enrolment = await world.enrol(card, member);
      const [kept, undone, late] = times(3, () => redeemedOf(couponFor(member)));
      await world.tell(CouponRedeemed, kept, undone);
      await world.tell(RedemptionReversed, reversedOf(undone), reversedOf(late));
      await world.tell(RedemptionReversed, reversedOf(undone));
      await world.tell(CouponRedeemed, late);
      expect(await amounts(enrolment)).toEqual([
        ['award', 5],
        ['award', 5],
        ['reverse', -5],
      ]);
      expect((await world.standing(enrolment)).balance).toBe(5);
    });

    it('owes what was spent before it was taken back, and pays it with what comes in next', async () => {
      const card = await world.card({ earning: [{ on: 'redemption', points: 10 }] });
      const member = await emailed();
      const enrolment = await world.enrol(card, member);
      const redeemed = redeemedOf(couponFor(member));
      await world.tell(CouponRedeemed, redeemed);
      await world.points(enrolment, -7);
      await world.tell(RedemptionReversed, reversedOf(redeemed));
      expect(await world.standing(enrolment)).toMatchObject({ balance: 0, debt: 7 });
      await world.points(enrolment, 4);
      expect(await world.standing(enrolment)).toMatchObject({ balance: 0, debt: 3 });
      await world.points(enrolment, 10);
      expect(await world.standing(enrolment)).toMatchObject({ balance: 7, debt: 0 });
      expect(await amounts(enrolment)).toEqual([
        ['award', 10],
        ['spend', -7],
        ['reverse', -3],
        ['award', 4],
        ['reverse', -4],
        ['award', 10],
        ['reverse', -3],
      ]);
    });

    it('multiplies by the tier that they were in before, except where a rule says not to', async () => {
      const card = await world.card({
        earning: [
          { on: 'redemption', points: 15 },
          { on: 'event', points: 15, event: 'visit', tiered: false },
        ],
        tiers: { period: 'calendarYear', levels: [{ name: 'Gold', from: 10, multiplier: 1.1 }] },
      });
      const member = await emailed();
      const enrolment = await world.enrol(card, member);
      for (const redeemed of times(2, () => redeemedOf(couponFor(member))))
        await world.tell(CouponRedeemed, redeemed);
      await world.tell(EventRecorded, recordedOf(world.accountId, 'visit', member));
      expect((await world.ledger(enrolment)).map(({ amount }) => amount)).toEqual([15, 16, 15]);
    });

    it('counts custom events by their number, each once, and a repeated key of the caller not again', async () => {
      const card = await world.card({ earning: [{ on: 'event', points: 2, event: 'km', times: 'km' }] });
      const member = await emailed();
      const enrolment = await world.enrol(card, member);
      const { accountId } = world;
      const run = recordedOf(accountId, 'km', member, { params: { km: 5.8 } });
      await world.tell(EventRecorded, run, run);
      await world.tell(EventRecorded, {
        ...recordedOf(accountId, 'km', member, { params: { km: '3' } }),
        repeated: true,
      });
      for (const km of [-4, 'many', null, undefined, 0, Number.MAX_VALUE])
        await world.tell(EventRecorded, recordedOf(accountId, 'km', member, { params: { km } }));
      await world.tell(
        EventRecorded,
        recordedOf(accountId, 'km', member, { key: 'order 1', repeated: true, params: { km: 100 } }),
        recordedOf(accountId, 'swim', member, { params: { km: 100 } }),
        recordedOf(accountId, 'km', null, { params: { km: 100 } }),
      );
      expect((await world.ledger(enrolment)).map(({ amount }) => amount)).toEqual([11, 6, 1_000_000_000]);
    });

    it('tells of an event whose number is none, with its path, and counts the next', async () => {
      const card = await world.card({
        earning: [{ on: 'event', points: 100, event: 'order', times: 'eur' }],
      });
      const member = await emailed();
      const enrolment = await world.enrol(card, member);
      const ordered = (eur: unknown) =>
        recordedOf(world.accountId, 'order', member, { params: { eur }, key: newId('event') });
      const wrong = ordered('2,5');
      await world.tell(EventRecorded, wrong, ordered('4.35'));
      const told = () => world.neighbours.told(PointsNotAwarded).filter(({ cardId }) => cardId === card.id);
      await eventually(() => expect(told()).toHaveLength(1));
      expect(told()[0]).toMatchObject({
        accountId: world.accountId,
        memberId: member.id,
        eventId: wrong.eventId,
        path: '/params/eur',
        message: 'must be a number such as 4.35, with a point',
        email: member.email,
      });
      expect(await amounts(enrolment)).toEqual([['award', 435]]);
    });

    it('asks whose a coupon is only where something could be earned', async () => {
      const before = world.neighbours.asked;
      const member = await emailed();
      await world.enrol(await world.card({ earning: [{ on: 'event', points: 1, event: 'visit' }] }), member);
      await world.enrol(await world.card({ active: true }), member);
      await world.tell(CouponRedeemed, redeemedOf(couponFor(member)));
      expect(world.neighbours.asked).toBe(before);
    });
  });

  describe('rewards', () => {
    const coffee = { name: 'Coffee', cost: 10, campaignId: newId('campaign') };
    const ordersOf = ({ memberId, cardId }: Enrolment): RewardOrder[] => {
      const spent = world.neighbours
        .told(PointsSpent)
        .filter((one) => one.memberId === memberId && one.cardId === cardId);
      const paid = new Set(spent.map(({ reference }) => reference));
      return world.neighbours.told(RewardGranted).filter(({ rewardIssueId }) => paid.has(rewardIssueId));
    };
    const settled = ({ rewardIssueId, couponId }: RewardOrder, reason: string | null = null) => ({
      accountId: world.accountId,
      rewardIssueId,
      couponId,
      outcome: reason ? ('refused' as const) : ('issued' as const),
      reason,
      at: new Date().toISOString(),
    });

    it('grants an automatic reward for every threshold that an award reaches, with the transaction that pays', async () => {
      const card = await world.card({
        kind: 'stamps',
        rewards: [{ ...coffee, automatic: true, channel: 'email' }],
      });
      const member = await emailed();
      const enrolment = await world.enrol(card, member);
      await Promise.all(times(9, () => world.points(enrolment, 1)));
      expect(ordersOf(enrolment)).toEqual([]);
      await Promise.all(times(6, () => world.points(enrolment, 5)));
      await eventually(() => expect(ordersOf(enrolment)).toHaveLength(3));
      expect((await world.standing(enrolment)).balance).toBe(9);
      expect(ordersOf(enrolment)[0]).toMatchObject({
        campaignId: coffee.campaignId,
        channel: 'email',
        recipient: { email: member.email },
      });
      await world.points(enrolment, 1);
      await eventually(() => expect(ordersOf(enrolment)).toHaveLength(4));
    });

    it('tells of the reward once its coupon is out, and gives the points back once where none could be', async () => {
      const card = await world.card({ rewards: [{ ...coffee, automatic: true }] });
      const enrolment = await world.enrol(card);
      await world.points(enrolment, 25);
      await eventually(() => expect(ordersOf(enrolment)).toHaveLength(2));
      const [good, bad] = ordersOf(enrolment);
      await world.tell(RewardOrderSettled, settled(good), settled(bad, 'campaign.exhausted'));
      await world.tell(RewardOrderSettled, settled(bad, 'campaign.exhausted'), settled(good), settled(bad));
      expect((await world.standing(enrolment)).balance).toBe(15);
      const told = () =>
        world.neighbours.told(RewardIssued).filter(({ memberId }) => memberId === enrolment.memberId);
      await eventually(() => expect(told()).toMatchObject([{ couponId: good.couponId, cost: 10 }]));
      const back = () =>
        world.neighbours
          .told(PointsAwarded)
          .filter(({ memberId, reason }) => memberId === enrolment.memberId && reason === 'refused');
      await eventually(() => expect(back()).toHaveLength(1));
    });

    it('gives the points back once when the coupon is withdrawn, before or after it was told of', async () => {
      const card = await world.card({ rewards: [{ ...coffee, automatic: true }] });
      const enrolment = await world.enrol(card);
      await world.points(enrolment, 20);
      await eventually(() => expect(ordersOf(enrolment)).toHaveLength(2));
      const [first, second] = ordersOf(enrolment);
      await world.tell(RewardOrderSettled, settled(first));
      await world.tell(
        CouponVoided,
        voidedOf(first),
        voidedOf(second),
        voidedOf({ ...first, couponId: newId('coupon') }),
      );
      await world.tell(CouponVoided, voidedOf(first));
      await world.tell(RewardOrderSettled, settled(second), settled(second, 'campaign.ended'));
      // Given back and not spent again by itself, or a campaign that has run dry would turn in circles.
      expect(await world.standing(enrolment)).toMatchObject({ balance: 20 });
    });

    it('sells a reward on demand for what the balance allows, and once for a reference', async () => {
      const card: Card = await world.card({ rewards: [{ ...coffee, channel: 'sms' }] });
      const enrolment = await world.enrol(card);
      await world.points(enrolment, 35);
      const [{ id: rewardId }] = card.rewards;
      const redeem = (rest = {}) =>
        world.ask(RedeemReward, {
          accountId: world.accountId,
          cardId: card.id,
          memberId: enrolment.memberId,
          rewardId,
          by: 'key_test',
          ...rest,
        });
      const same = await Promise.all(times(10, () => redeem({ reference: 'till 1', channel: 'none' })));
      expect(same.filter(({ outcome }) => outcome === 'granted')).toHaveLength(1);
      expect(new Set(same.map((one) => 'issue' in one && JSON.stringify(one.issue))).size).toBe(1);
      expect(same[0]).toMatchObject({ balance: 25 });
      const each = await Promise.all(times(10, () => redeem()));
      expect(each.filter(({ outcome }) => outcome === 'granted')).toHaveLength(2);
      expect(await redeem()).toMatchObject({ outcome: 'refused', reason: 'points.insufficient', balance: 5 });
      expect(await redeem({ rewardId: newId('reward') })).toMatchObject({ reason: 'reward.not_found' });
      expect(await redeem({ accountId: newId('account') })).toMatchObject({ reason: 'card.not_found' });
      await eventually(() => expect(ordersOf(enrolment)).toHaveLength(3));
      expect(
        ordersOf(enrolment)
          .map(({ channel }) => channel)
          .sort(),
      ).toEqual(['none', 'sms', 'sms']);
    });

    it('says what became of a reward that was bought, to its own account', async () => {
      const card = await world.card({ rewards: [{ ...coffee, automatic: true }] });
      const enrolment = await world.enrol(card);
      await world.points(enrolment, 20);
      await eventually(() => expect(ordersOf(enrolment)).toHaveLength(2));
      const [good, bad] = ordersOf(enrolment);
      const { accountId } = world;
      const ask = ({ rewardIssueId }: RewardOrder, asker = accountId) =>
        world.ask(GetRewardIssue, { accountId: asker, rewardIssueId });
      expect(await ask(good)).toMatchObject({ status: 'granted', couponId: good.couponId, cost: 10 });
      await world.tell(RewardOrderSettled, settled(good), settled(bad, 'campaign.not_active'));
      expect(await Promise.all([ask(good), ask(bad)])).toMatchObject([
        { status: 'issued', reason: null },
        { status: 'refused', reason: 'campaign.not_active' },
      ]);
      await expect(ask(good, newId('account'))).rejects.toMatchObject({ code: 'reward_issue.not_found' });
    });

    it('does not order by itself for a day what was refused, and then with the next points', async () => {
      world.clock.is('2031-05-04T12:00:00.000Z');
      const cake = { ...coffee, name: 'Cake', cost: 50 };
      const card = await world.card({ rewards: [coffee, cake].map((one) => ({ ...one, automatic: true })) });
      const enrolment = await world.enrol(card);
      const give = async (amount: number) => {
        await world.points(enrolment, amount);
        return (await world.standing(enrolment)).balance;
      };
      await give(10);
      await eventually(() => expect(ordersOf(enrolment)).toHaveLength(1));
      await world.tell(RewardOrderSettled, settled(ordersOf(enrolment)[0], 'campaign.not_active'));
      expect(await give(1)).toBe(11);
      // Neither another reward nor one that is asked for has to wait.
      expect(await give(40)).toBe(1);
      expect(await give(10)).toBe(11);
      const { accountId } = world;
      const { cardId, memberId } = enrolment;
      const rewardId = card.rewards[0].id;
      await world.ask(RedeemReward, { accountId, cardId, memberId, rewardId, by: 'key_test' });
      expect(await give(15)).toBe(16);
      world.clock.is('2031-05-05T11:59:59.999Z');
      expect(await give(1)).toBe(17);
      world.clock.is('2031-05-05T12:00:00.000Z');
      expect(await give(1)).toBe(8);
    });

    it('grants the dearest that can be paid, and never more than a hundred at once', async () => {
      const card = await world.card({
        rewards: [
          { name: 'Sticker', cost: 1, campaignId: newId('campaign'), automatic: true },
          { name: 'Bike', cost: 1_000, campaignId: newId('campaign'), automatic: true },
        ],
      });
      const enrolment = await world.enrol(card);
      await world.points(enrolment, 1_500);
      expect((await world.standing(enrolment)).balance).toBe(1_500 - 1_000 - 99);
    });
  });

  // Last, because an event that is tried again counts twice among those that were heard.
  it('awards later what it could not ask issuance about', async () => {
    const member = await emailed();
    const enrolment = await world.enrol(
      await world.card({ earning: [{ on: 'redemption', points: 5 }] }),
      member,
    );
    world.neighbours.away = true;
    await world.tell(CouponRedeemed, redeemedOf(couponFor(member)));
    expect(await amounts(enrolment)).toEqual([]);
    world.neighbours.away = false;
    await eventually(async () => expect(await amounts(enrolment)).toEqual([['award', 5]]));
  });
});

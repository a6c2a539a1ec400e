import { newId, PointsExpired, RewardGranted, TierChanged, type Enrolment } from '@tearoff/contracts';
import { eventually, tally, times } from '@tearoff/testing';
import { World } from './world';

describe('anyone who looks, before anyone has swept', () => {
  let world: World;
  beforeAll(async () => (world = await World.start({ instances: 2, callers: 4 })));
  beforeEach(() => (world.accountId = newId('account')));
  afterEach(async () => {
    world.clock.goOn();
    await world.expectSoundLedgers();
  });
  afterAll(() => world.stop());

  const balanceAt = async (enrolment: Enrolment, instant: string) => {
    world.clock.is(instant);
    const { balance, pending } = await world.standing(enrolment);
    return pending === 0 ? balance : [balance, pending];
  };
  const movements = async (enrolment: Enrolment) =>
    (await world.ledger(enrolment)).map(({ kind, amount, at }) => [kind, amount, at]);

  it('lets points run out at the end of the day in the zone of the card, across summer time', async () => {
    world.clock.is('2026-03-20T22:30:00Z');
    const card = await world.card({ timezone: 'Europe/Paris', expiry: { kind: 'rolling', days: 9 } });
    const enrolment = await world.enrol(card);
    const outcome = await world.points(enrolment, 10);
    // 23:30 in Paris on the 20th; the 29th, on which clocks go forward, ends at 22:00 UTC.
    expect(outcome).toMatchObject({ entry: { expiresAt: '2026-03-29T21:59:59.999Z' } });
    expect((await world.standing(enrolment)).expiring).toEqual({
      points: 10,
      at: '2026-03-29T21:59:59.999Z',
    });
    expect(await balanceAt(enrolment, '2026-03-29T21:59:59.999Z')).toBe(10);
    expect(await balanceAt(enrolment, '2026-03-29T22:00:00.000Z')).toBe(0);
    expect(await movements(enrolment)).toEqual([
      ['award', 10, '2026-03-20T22:30:00.000Z'],
      ['expire', -10, '2026-03-29T22:00:00.000Z'],
    ]);
  });

  it('spends the oldest first, so that the younger are there when the oldest have run out', async () => {
    const card = await world.card({ expiry: { kind: 'rolling', days: 10 } });
    world.clock.is('2026-01-01T12:00:00Z');
    const enrolment = await world.enrol(card);
    await world.points(enrolment, 10);
    world.clock.is('2026-01-05T12:00:00Z');
    await world.points(enrolment, 10);
    await world.points(enrolment, -7);
    expect(await balanceAt(enrolment, '2026-01-12T00:00:00Z')).toBe(10);
    expect(tally([await world.points(enrolment, -11)])).toEqual({ 'points.insufficient': 1 });
    expect(tally([await world.points(enrolment, -4)])).toEqual({ entered: 1 });
    expect(await balanceAt(enrolment, '2026-01-16T00:00:00Z')).toBe(0);
    expect((await movements(enrolment)).map(([kind, amount]) => [kind, amount])).toEqual([
      ['award', 10],
      ['award', 10],
      ['spend', -7],
      ['expire', -3],
      ['spend', -4],
      ['expire', -6],
    ]);
  });

  it('never spends what has run out, however late and by however many at once it is noticed', async () => {
    world.clock.is('2026-01-01T12:00:00Z');
    const enrolment = await world.enrol(await world.card({ expiry: { kind: 'rolling', days: 1 } }));
    await world.points(enrolment, 100);
    world.clock.is('2026-02-01T12:00:00Z');
    const outcomes = await Promise.all(times(30, () => world.points(enrolment, -1)));
    expect(tally(outcomes)).toEqual({ 'points.insufficient': 30 });
    await Promise.all(times(10, () => world.standing(enrolment)));
    expect(await movements(enrolment)).toHaveLength(2);
    const told = () =>
      world.neighbours.told(PointsExpired).filter(({ memberId }) => memberId === enrolment.memberId);
    await eventually(() => expect(told()).toMatchObject([{ points: 100, balance: 0 }]));
  });

  it('lets everything go after so many days without a movement, which every movement puts off', async () => {
    world.clock.is('2026-01-01T12:00:00Z');
    const enrolment = await world.enrol(await world.card({ expiry: { kind: 'inactivity', days: 30 } }));
    await world.points(enrolment, 10);
    world.clock.is('2026-01-20T12:00:00Z');
    await world.points(enrolment, -1);
    expect(await balanceAt(enrolment, '2026-02-19T23:59:59.999Z')).toBe(9);
    expect((await world.standing(enrolment)).expiring).toEqual({ points: 9, at: '2026-02-19T23:59:59.999Z' });
    expect(await balanceAt(enrolment, '2026-02-20T00:00:00.000Z')).toBe(0);
  });

  it('holds points back until they may be spent, by the clock on the wall', async () => {
    world.clock.is('2026-10-24T10:00:00Z');
    const card = await world.card({ timezone: 'Europe/Paris', pendingDays: 2 });
    const enrolment = await world.enrol(card);
    const outcome = await world.points(enrolment, 10);
    expect(outcome).toMatchObject({
      balance: 0,
      pending: 10,
      entry: { pendingUntil: '2026-10-26T11:00:00.000Z' },
    });
    expect(tally([await world.points(enrolment, -1)])).toEqual({ 'points.insufficient': 1 });
    expect(await balanceAt(enrolment, '2026-10-26T10:59:59.999Z')).toEqual([0, 10]);
    expect(await balanceAt(enrolment, '2026-10-26T11:00:00.000Z')).toBe(10);
    expect(tally([await world.points(enrolment, -10)])).toEqual({ entered: 1 });
  });

  it('keeps what was earned under the old rules', async () => {
    world.clock.is('2026-01-01T12:00:00Z');
    const card = await world.card({ expiry: { kind: 'rolling', days: 5 } });
    const enrolment = await world.enrol(card);
    await world.points(enrolment, 10);
    await world.change(card, { expiry: null });
    await world.points(enrolment, 20);
    expect(await balanceAt(enrolment, '2026-06-01T00:00:00Z')).toBe(20);
  });

  describe('tiers', () => {
    const tiers = {
      period: { months: 1 },
      levels: [
        { name: 'Silver', from: 100 },
        { name: 'Gold', from: 200, multiplier: 1.5 },
      ],
    };
    const changes = (enrolment: Enrolment) =>
      world.neighbours
        .told(TierChanged)
        .filter(({ memberId }) => memberId === enrolment.memberId)
        .map(({ from, to, at }) => [from, to, at]);

    it('rise at once by what was awarded, whatever is spent, and fall when the period holds too little', async () => {
      world.clock.is('2026-01-10T12:00:00Z');
      const enrolment = await world.enrol(await world.card({ tiers, timezone: 'Asia/Tokyo' }));
      await world.points(enrolment, 100);
      await world.points(enrolment, -100);
      world.clock.is('2026-01-20T12:00:00Z');
      await world.points(enrolment, 100);
      expect(await world.standing(enrolment)).toMatchObject({ tier: 'Gold', balance: 100 });
      // The 10th of February ends in Tokyo at 15:00 UTC; no one looks before March.
      world.clock.is('2026-03-01T00:00:00Z');
      expect((await world.standing(enrolment)).tier).toBeNull();
      await eventually(() =>
        expect(changes(enrolment)).toEqual([
          [null, 'Silver', '2026-01-10T12:00:00.000Z'],
          ['Silver', 'Gold', '2026-01-20T12:00:00.000Z'],
          ['Gold', 'Silver', '2026-02-10T15:00:00.000Z'],
          ['Silver', null, '2026-02-20T15:00:00.000Z'],
        ]),
      );
    });

    it('never fall where the card says so, and begin anew each calendar year where it says that', async () => {
      world.clock.is('2026-06-01T12:00:00Z');
      const kept = await world.enrol(await world.card({ tiers: { ...tiers, down: 'never' } }));
      const yearly = await world.enrol(await world.card({ tiers: { ...tiers, period: 'calendarYear' } }));
      await Promise.all([kept, yearly].map((enrolment) => world.points(enrolment, 150)));
      world.clock.is('2026-12-31T23:59:59.999Z');
      expect((await world.standing(yearly)).tier).toBe('Silver');
      world.clock.is('2027-01-01T00:00:00Z');
      expect((await world.standing(yearly)).tier).toBeNull();
      expect((await world.standing(kept)).tier).toBe('Silver');
    });
  });
});

describe('what falls due while no one looks', () => {
  let world: World;
  beforeAll(async () => (world = await World.start({ instances: 2, sweepMs: 40 })));
  afterAll(() => world.stop());

  it('is entered once by whichever instance comes first, and what has ripened buys rewards', async () => {
    world.clock.is('2026-01-01T12:00:00Z');
    const fading = await world.card({ expiry: { kind: 'rolling', days: 3 } });
    const ripening = await world.card({
      kind: 'stamps',
      pendingDays: 2,
      rewards: [{ name: 'Coffee', cost: 10, campaignId: newId('campaign'), automatic: true }],
    });
    const fadingMembers = await Promise.all(times(20, () => world.enrol(fading)));
    const ripe = await world.enrol(ripening);
    await Promise.all(fadingMembers.map((enrolment) => world.points(enrolment, 5)));
    await world.points(ripe, 12);
    expect(world.neighbours.told(RewardGranted)).toEqual([]);
    world.clock.is('2026-01-05T00:00:00Z');
    await eventually(() => expect(world.neighbours.told(PointsExpired)).toHaveLength(20));
    await eventually(() => expect(world.neighbours.told(RewardGranted)).toHaveLength(1));
    const rows = (await world.dataSource.query(
      `select kind, count(*)::int as count, sum(amount)::int as sum, min(at) as first, max(at) as last
       from entry group by kind order by kind`,
    )) as { kind: string; count: number; sum: number; first: Date }[];
    expect(rows).toMatchObject([
      { kind: 'award', count: 21, sum: 112 },
      { kind: 'expire', count: 20, sum: -100, first: new Date('2026-01-05T00:00:00Z') },
      { kind: 'spend', count: 1, sum: -10, first: new Date('2026-01-03T12:00:00Z') },
    ]);
    await world.expectSoundLedgers();
  });
});

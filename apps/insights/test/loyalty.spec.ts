import {
  CardChanged,
  GetLoyaltyReport,
  GetRebuild,
  MemberEnrolled,
  newId,
  PointsAwarded,
  PointsExpired,
  PointsSpent,
  RebuildReports,
  RewardIssued,
  TierChanged,
  type Card,
} from '@tearoff/contracts';
import { eventually, overBothTransports } from '@tearoff/testing';
import { aCard, enrolledOf, movedOf, rewardOf, tierOf } from './builders';
import { newAccount, World } from './world';

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => {
    // Two instances: what adds up is added to by both.
    world = await World.start(means, 2);
  });
  afterAll(() => world.stop());

  let accountId: string;
  let card: Card;
  beforeEach(() => {
    accountId = newAccount();
    card = aCard(accountId, { timezone: 'Europe/Kyiv' });
  });

  const report = async (more: object = {}) =>
    (await world.ask(GetLoyaltyReport, { accountId, cardId: card.id, groupBy: 'day', ...more })).data;
  const nothing = {
    membersEnrolled: 0,
    pointsAwarded: 0,
    pointsSpent: 0,
    pointsExpired: 0,
    rewardsIssued: 0,
    membersChangedTier: 0,
  };
  const [evening, night] = ['2027-03-01T21:59:59.999Z', '2027-03-01T22:00:00.000Z'];

  it('counts what happened on a card on the day that it was there', async () => {
    const member = newId('member');
    await world.tell(
      [RewardIssued, rewardOf(card, night)],
      [PointsSpent, movedOf(card, 30, night), movedOf(card, 5, evening)],
      [PointsAwarded, movedOf(card, 100, evening), movedOf(card, 20, evening), movedOf(card, 7, night)],
      [TierChanged, tierOf(card, member, evening), tierOf(card, member, '2027-03-01T12:00:00.000Z')],
      [TierChanged, tierOf(card, newId('member'), evening), tierOf(card, member, night)],
      [PointsExpired, movedOf(card, 3, night)],
      [MemberEnrolled, enrolledOf(card, evening), enrolledOf(card, evening)],
      [CardChanged, card],
    );
    const lines = [
      { ...nothing, membersEnrolled: 2, pointsAwarded: 120, pointsSpent: 5, membersChangedTier: 2 },
      {
        ...nothing,
        pointsAwarded: 7,
        pointsSpent: 30,
        pointsExpired: 3,
        rewardsIssued: 1,
        membersChangedTier: 1,
      },
    ];
    expect(await report()).toEqual([
      { day: '2027-03-01', ...lines[0] },
      { day: '2027-03-02', ...lines[1] },
    ]);
    const [month] = await report({ groupBy: 'month' });
    expect(month).toMatchObject({ day: '2027-03-01', pointsAwarded: 127, membersChangedTier: 2 });
    const days = await report({ from: '2027-03-02', to: '2027-03-03' });
    expect(days.map(({ day, pointsAwarded }) => [day, pointsAwarded])).toEqual([
      ['2027-03-02', 7],
      ['2027-03-03', 0],
    ]);
  });

  it('moves its days where the zone was corrected, and heeds no older version that comes later', async () => {
    const corrected = { ...card, version: 3, timezone: 'America/New_York' };
    await world.tell([CardChanged, card], [PointsAwarded, movedOf(card, 1, night)]);
    expect(await report()).toMatchObject([{ day: '2027-03-02' }]);
    await world.tell([CardChanged, corrected], [CardChanged, { ...card, version: 2 }]);
    expect(await report()).toMatchObject([{ day: '2027-03-01' }]);
  });

  it('keeps cards and accounts apart, and asks for a card that it was not told of', async () => {
    const other = aCard(accountId);
    world.owners.cards.set(card.id, card).set(other.id, other);
    await world.tell([PointsAwarded, movedOf(card, 1, night), movedOf(other, 2, night)]);
    expect(await report()).toEqual([{ day: '2027-03-02', ...nothing, pointsAwarded: 1 }]);
    expect(await report({ cardId: other.id })).toMatchObject([{ day: '2027-03-01', pointsAwarded: 2 }]);
    const stranger = { accountId: newAccount() };
    await expect(report(stranger)).rejects.toMatchObject({ code: 'card.not_found' });
    await world.tell([PointsAwarded, { ...movedOf(card, 4, night), ...stranger }]);
    expect(await report()).toMatchObject([{ pointsAwarded: 1 }]);
  });

  it('adds up to the point what comes from everywhere at once, and a rebuild takes none of it away', async () => {
    const all = Array.from({ length: 60 }, (_, n) => movedOf(card, n, n % 2 ? evening : night));
    await world.tell(
      [CardChanged, card],
      ...all.map((item) => [PointsAwarded, item] as [typeof PointsAwarded, typeof item]),
    );
    const before = await report();
    expect(before.map(({ pointsAwarded }) => pointsAwarded)).toEqual([900, 870]);
    await world.ask(RebuildReports, { accountId });
    await eventually(async () => (await world.ask(GetRebuild, { accountId })).state === 'done');
    expect(await report()).toEqual(before);
  });

  it('is empty where nothing happened, and refuses a span that is none', async () => {
    await world.tell([CardChanged, card]);
    expect(await report()).toEqual([]);
    expect(await report({ from: '2027-03-02', to: '2027-03-02' })).toEqual([
      { day: '2027-03-02', ...nothing },
    ]);
    const wrong = { from: '2027-03-02', to: '2027-03-01' };
    await expect(report(wrong)).rejects.toMatchObject({ code: 'report.invalid_span' });
    const long = { from: '1900-01-01', to: '2027-01-01' };
    await expect(report(long)).rejects.toMatchObject({ code: 'report.too_many_lines' });
  });
});

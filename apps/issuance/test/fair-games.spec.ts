import { Play } from '@tearoff/contracts';
import { times } from '@tearoff/testing';
import { World } from './world';

const players = 10_000;
const winChance = 0.2;
/** Of the wins a tenth, three tenths and six tenths. */
const offers = [
  { id: 'car', weight: 0.5 },
  { id: 'cake', weight: 1.5 },
  { id: 'tea', weight: 3 },
];

/** How far a count may stray: beyond 5.5 standard deviations goes one fair count in 25 million. */
const bound = (count: number, share: number): number => 5.5 * Math.sqrt(count * share * (1 - share));

describe('ten thousand plays', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ instances: 2, callers: 4 });
  });
  afterAll(() => world?.stop());

  it('win as often as the campaign says, and each offer by its weight', async () => {
    const campaign = await world.campaign({ type: 'game', offers, game: { winChance, per: 'day' } });
    const outcomes = await Promise.all(
      times(players, (i) =>
        world.ask(Play, {
          accountId: world.accountId,
          campaignId: campaign.id,
          recipient: { email: `player-${i}@example.com` },
          channel: 'email',
        }),
      ),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'refused')).toEqual([]);
    const won = outcomes.flatMap((one) => (one.outcome === 'won' ? [one.coupon.offerId] : []));
    expect(Math.abs(won.length - players * winChance)).toBeLessThan(bound(players, winChance));
    for (const { id, weight } of offers) {
      const share = weight / 5;
      const count = won.filter((offerId) => offerId === id).length;
      expect(Math.abs(count - won.length * share)).toBeLessThan(bound(won.length, share));
    }
    expect(await world.counts(campaign)).toMatchObject({ issued: won.length });
    // Each of them can be worked out again from what was recorded.
    const bent = `(outcome = 'won') <> (roll < round(chance * 1000000000000)) or chance <> ${winChance}`;
    expect([await world.count('play'), await world.count('play', bent)]).toEqual([players, 0]);
  });
});

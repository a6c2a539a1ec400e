import { overBothTransports, tally, times } from '@tearoff/testing';
import { couponIn, World } from './world';

const parallel = 240;

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ means, instances: 2, callers: 10 });
  });
  afterAll(() => world?.stop());

  const offersGiven = async ({ id }: { id: string }): Promise<Record<string, number>> => {
    const rows = (await world.dataSource.query(
      `select offer_id as offer, count(*)::int as count from coupon where campaign_id = $1 group by offer_id`,
      [id],
    )) as { offer: string; count: number }[];
    return Object.fromEntries(rows.map(({ offer, count }) => [offer, count]));
  };

  describe('a mystery offer', () => {
    const offers = [
      { id: 'car', weight: 1, total: 3 },
      { id: 'tea', weight: 50, total: 40 },
      { id: 'none', weight: 0 },
    ];

    it('is drawn as long as there is one, never beyond its total, never one of no weight', async () => {
      const campaign = await world.campaign({ type: 'mystery', offers });
      const outcomes = await Promise.all(
        times(parallel, (i) => world.issue(campaign, { externalId: `person ${i}` })),
      );
      expect(tally(outcomes)).toEqual({ issued: 43, 'campaign.exhausted': parallel - 43 });
      expect(await offersGiven(campaign)).toEqual({ car: 3, tea: 40 });
    });

    it('is drawn once a person, for ever, however many coupons they might have', async () => {
      const campaign = await world.campaign({
        type: 'mystery',
        offers: times(50, (i) => ({ id: `offer ${i}` })),
        limits: { perRecipient: { count: 5, per: 'day' } },
      });
      const spellings = ['+447911123456', '0044 7911 123456'];
      const outcomes = await Promise.all(
        times(parallel, (i) => world.issue(campaign, { phone: spellings[i % 2] })),
      );
      expect(tally(outcomes)).toEqual({ issued: 1, repeated: parallel - 1 });
      expect(new Set(outcomes.map((outcome) => couponIn(outcome).offerId)).size).toBe(1);
      world.clock.is('2031-01-01T00:00:00Z');
      const later = await world.issue(campaign, { phone: spellings[0] });
      world.clock.goOn();
      expect([later.outcome, couponIn(later).id]).toEqual(['repeated', couponIn(outcomes[0]).id]);
    });

    it('uses no code of a stack for someone who gets nothing', async () => {
      const campaign = await world.campaign({ type: 'mystery', offers: [{ id: 'tea', total: 1 }] });
      await world.coupon(campaign, { externalId: 'first' });
      await world.issue(campaign, { externalId: 'second' });
      expect(await world.counts(campaign)).toMatchObject({ issued: 1 });
    });
  });

  describe('a choice of offers', () => {
    it('is made once: who chooses again gets what they chose, or is refused', async () => {
      const offers = [{ id: 'tea' }, { id: 'cake' }];
      for (const [onRepeat, answer] of [
        ['sameCoupon', 'repeated'],
        ['reject', 'recipient.limit_reached'],
      ] as const) {
        const campaign = await world.campaign({
          type: 'choice',
          offers,
          limits: { onRepeat, perRecipient: null },
        });
        const first = await world.coupon(campaign, { externalId: 'ann' }, { offerId: 'tea' });
        expect(first.offerId).toBe('tea');
        const other = await world.issue(campaign, { externalId: 'ann' }, { offerId: 'cake' });
        expect(tally([other])).toEqual({ [answer]: 1 });
        if (onRepeat === 'sameCoupon') expect(couponIn(other).id).toBe(first.id);
      }
    });

    it('never gives more of an offer than there are, and leaves the others alone', async () => {
      const campaign = await world.campaign({
        type: 'choice',
        offers: [{ id: 'tea', total: 31 }, { id: 'cake' }],
      });
      const outcomes = await Promise.all(
        times(parallel, (i) =>
          world.issue(campaign, { externalId: `person ${i}` }, { offerId: i % 2 ? 'tea' : 'cake' }),
        ),
      );
      expect(tally(outcomes)).toEqual({ issued: 31 + parallel / 2, 'offer.exhausted': parallel / 2 - 31 });
      expect(await offersGiven(campaign)).toEqual({ tea: 31, cake: parallel / 2 });
      const again = await world.issue(campaign, { externalId: 'person 0' }, { offerId: 'tea' });
      expect(couponIn(again).offerId).toBe('cake');
    });
  });

  it('keeps to an offer’s total that is set while its coupons go out', async () => {
    const campaign = await world.campaign({ offers: [{ id: 'tea' }], limits: { perRecipient: null } });
    const offerId = 'tea';
    const early = times(60, (i) => world.issue(campaign, { externalId: `early ${i}` }, { offerId }));
    await world.change(campaign, { offers: [{ id: 'tea', total: 100 }] });
    const late = times(parallel, (i) => world.issue(campaign, { externalId: `late ${i}` }, { offerId }));
    expect(tally(await Promise.all([...early, ...late]))).toEqual({
      issued: 100,
      'offer.exhausted': 60 + parallel - 100,
    });
    expect(await offersGiven(campaign)).toEqual({ tea: 100 });
  });
});

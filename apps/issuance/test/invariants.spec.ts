import { GenerateCodes, newId, normaliseCode, UpdateCampaign } from '@tearoff/contracts';
import { overBothTransports, tally, times } from '@tearoff/testing';
import { importCodes } from './imports';
import { couponIn, World } from './world';

const parallel = 240;

/** Tries, with hundreds of requests at once over two instances, to break what must not break. */
overBothTransports((means) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ means, instances: 2, callers: 10 });
  });
  afterAll(() => world?.stop());

  const ids = (outcomes: Awaited<ReturnType<World['issue']>>[]) =>
    new Set(outcomes.flatMap((one) => (one.outcome === 'refused' ? [] : [one.coupon.id])));

  const distinctCodes = async (campaignId: string): Promise<[number, number]> => {
    const [row] = (await world.dataSource.query(
      `select count(*)::int as coupons, count(distinct code)::int as codes from coupon where campaign_id = $1`,
      [campaignId],
    )) as { coupons: number; codes: number }[];
    return [row.coupons, row.codes];
  };

  it('never gives one recipient two coupons, in any spelling of their number', async () => {
    const campaign = await world.campaign();
    const spellings = ['+447911123456', '+44 7911 123456', '0044 (0)7911-123456', 'tel:+44.7911.123456'];
    const outcomes = await Promise.all(
      times(parallel, (i) => world.issue(campaign, { phone: spellings[i % spellings.length] })),
    );
    expect(tally(outcomes)).toEqual({ issued: 1, repeated: parallel - 1 });
    expect(ids(outcomes).size).toBe(1);
    expect(await world.counts(campaign)).toMatchObject({ issued: 1 });
  });

  it('never gives one recipient two coupons, by whichever of their names they come', async () => {
    const campaign = await world.campaign();
    const both = { phone: '+447911123457', email: 'Ann@Example.com' };
    await world.issue(campaign, both);
    const names = [both, { phone: '07911 123457', country: 'GB' }, { email: 'ann@example.COM ' }];
    const outcomes = await Promise.all(
      times(parallel, (i) => world.issue(campaign, names[i % names.length])),
    );
    expect(tally(outcomes)).toEqual({ repeated: parallel });
    expect(ids(outcomes).size).toBe(1);
  });

  it('gives many people with two names each one coupon each, whatever comes first', async () => {
    const campaign = await world.campaign();
    const people = times(40, (i) => ({ phone: `+4479111234${10 + i}`, email: `p${i}@example.com` }));
    // Those who come by one name alone first are distinguished until someone names both.
    const outcomes = await Promise.all(
      times(parallel, (i) => {
        const { phone, email } = people[i % people.length];
        return world.issue(campaign, i % 3 === 0 ? { phone } : { phone, email });
      }),
    );
    expect(tally(outcomes)).toEqual({ issued: people.length, repeated: parallel - people.length });
    expect(ids(outcomes).size).toBe(people.length);
  });

  it('never gives more than a person may have in a period, and all of that', async () => {
    const campaign = await world.campaign({ limits: { perRecipient: { count: 3, per: 'day' } } });
    const outcomes = await Promise.all(times(parallel, () => world.issue(campaign, { externalId: 'ann' })));
    expect(tally(outcomes)).toEqual({ issued: 3, repeated: parallel - 3 });
    expect(ids(outcomes).size).toBe(3);
  });

  it.each([
    ['that binds nobody', { perRecipient: null }],
    ['with a total', { perRecipient: null, total: 1_000 }],
    ['of one a person', {}],
  ])('never issues a coupon of a given id twice, in a campaign %s', async (_, limits) => {
    const campaign = await world.campaign({ limits });
    const given = times(4, () => newId('coupon'));
    const asked = () =>
      Promise.all(
        times(parallel, (i) =>
          world.issue(campaign, { externalId: `x${i % 4}` }, { couponId: given[i % 4], channel: 'none' }),
        ),
      );
    const outcomes = await asked();
    expect(tally(outcomes)).toEqual({ issued: 4, repeated: parallel - 4 });
    expect([...ids(outcomes)].sort()).toEqual([...given].sort());
    // Nor when the campaign would not issue any more.
    await world.ask(UpdateCampaign, {
      accountId: world.accountId,
      campaignId: campaign.id,
      patch: { status: 'ended' },
    });
    expect(tally(await asked())).toEqual({ repeated: parallel });
    expect(await world.counts(campaign)).toMatchObject({ issued: 4 });
  });

  it('never exceeds a total, uses it fully, and gives those who have one theirs again', async () => {
    const total = 57;
    const campaign = await world.campaign({ limits: { total } });
    const outcomes = await Promise.all(
      times(parallel, (i) => world.issue(campaign, { externalId: `person ${i % (parallel / 2)}` })),
    );
    const { issued, repeated } = tally(outcomes);
    expect(issued).toBe(total);
    expect(repeated).toBeGreaterThan(0);
    expect(ids(outcomes).size).toBe(total);
    expect(await world.counts(campaign)).toMatchObject({ issued: total });
    const again = await Promise.all(
      times(parallel, (i) => world.issue(campaign, { externalId: `person ${i % (parallel / 2)}` })),
    );
    expect(tally(again)).toEqual({ repeated: 2 * total, 'campaign.exhausted': parallel - 2 * total });
  });

  it('keeps to a total that is set while coupons go out', async () => {
    const campaign = await world.campaign({ limits: { perRecipient: null } });
    const total = 150;
    const early = times(parallel / 2, (i) => world.issue(campaign, { externalId: `early ${i}` }));
    await world.change(campaign, { limits: { total } });
    const late = times(parallel, (i) => world.issue(campaign, { externalId: `late ${i}` }));
    const outcomes = await Promise.all([...early, ...late]);
    expect(tally(outcomes)).toEqual({
      issued: total,
      'campaign.exhausted': parallel / 2 + parallel - total,
    });
    expect(await world.counts(campaign)).toMatchObject({ issued: total });
    expect(await distinctCodes(campaign.id)).toEqual([total, total]);
  });

  it('never gives a code twice, with little room for codes and a stack beside', async () => {
    const codes = { charset: '0123456789', length: 8 };
    const [one, other] = await Promise.all([world.campaign({ codes }), world.campaign({ codes })]);
    const job = await world.ask(GenerateCodes, {
      accountId: world.accountId,
      campaignId: one.id,
      count: 100,
    });
    await world.finished(job);
    const outcomes = await Promise.all(
      times(2 * parallel, (i) => world.issue(i % 2 ? one : other, { externalId: `person ${i}` })),
    );
    expect(tally(outcomes)).toEqual({ issued: 2 * parallel });
    expect(new Set(outcomes.map((outcome) => couponIn(outcome).code)).size).toBe(2 * parallel);
    expect(await world.counts(one)).toMatchObject({ issued: parallel, stock: 0 });
  });

  it('gives out an imported stack wholly, each code once and none besides', async () => {
    const campaign = await world.campaign({ codes: { source: 'imported' } });
    const stack = times(100, (i) => `GIFT-${1000 + i}`);
    await importCodes(world, campaign.id, stack);
    const outcomes = await Promise.all(times(parallel, (i) => world.issue(campaign, { externalId: `${i}` })));
    expect(tally(outcomes)).toEqual({ issued: 100, 'campaign.exhausted': parallel - 100 });
    const given = outcomes.flatMap((one) => (one.outcome === 'refused' ? [] : [one.coupon.code]));
    expect(given.sort()).toEqual(stack);
    expect(await world.counts(campaign)).toMatchObject({ issued: 100, stock: 0 });
    const [row] = (await world.dataSource.query(
      `select array_agg(code) as codes from coupon where campaign_id = $1`,
      [campaign.id],
    )) as { codes: string[] }[];
    expect(row.codes.sort()).toEqual(stack.map(normaliseCode));
  });
});

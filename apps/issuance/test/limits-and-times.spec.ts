import type { CampaignInput } from '@tearoff/contracts';
import { tally } from '@tearoff/testing';
import { couponIn, World } from './world';

describe('limits and times', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterEach(() => world.clock.goOn());
  afterAll(() => world?.stop());

  const ann = { email: 'ann@example.com' };

  const at = async (campaign: { id: string }, instant: string): Promise<string> => {
    world.clock.is(instant);
    return (await world.issue(campaign, ann)).outcome;
  };

  const periods: [string, CampaignInput['limits'], string, string[]][] = [
    [
      'day, in New York',
      { perRecipient: { count: 1, per: 'day' } },
      'America/New_York',
      // Midnight there is 5:00 UTC.
      ['2026-01-10T04:59:59Z issued', '2026-01-10T05:00:00Z issued', '2026-01-11T04:59:59Z repeated'],
    ],
    [
      'week, which begins on Monday, in Auckland',
      { perRecipient: { count: 1, per: 'week' } },
      'Pacific/Auckland',
      // 2026-03-02 is a Monday; it begins at 11:00 UTC on Sunday.
      ['2026-03-01T10:59:00Z issued', '2026-03-01T11:00:00Z issued', '2026-03-08T10:59:00Z repeated'],
    ],
    [
      'month',
      { perRecipient: { count: 1, per: 'month' } },
      'UTC',
      ['2026-01-31T23:59:59Z issued', '2026-02-01T00:00:00Z issued', '2026-02-28T23:59:59Z repeated'],
    ],
    [
      'year',
      { perRecipient: { count: 1, per: 'year' } },
      'Europe/London',
      ['2025-12-31T23:59:59Z issued', '2026-01-01T00:00:00Z issued', '2026-12-31T23:59:59Z repeated'],
    ],
    [
      'day of 23 hours, when the clocks go forward',
      { perRecipient: { count: 1, per: 'day' } },
      'Europe/Paris',
      ['2026-03-28T23:00:00Z issued', '2026-03-29T21:59:59Z repeated', '2026-03-29T22:00:00Z issued'],
    ],
  ];

  it.each(periods)('counts one a %s', async (_, limits, timezone, moments) => {
    const campaign = await world.campaign({ limits, timezone });
    for (const moment of moments) {
      const [instant, outcome] = moment.split(' ');
      expect([instant, await at(campaign, instant)]).toEqual([instant, outcome]);
    }
  });

  it('gives several a period, then the latest of them again', async () => {
    const campaign = await world.campaign({ limits: { perRecipient: { count: 2, per: 'month' } } });
    const ids: string[] = [];
    for (const day of ['01', '02', '03', '04']) {
      world.clock.is(`2026-05-${day}T10:00:00Z`);
      ids.push((await world.coupon(campaign, ann)).id);
    }
    expect(new Set(ids).size).toBe(2);
    expect(ids.slice(1)).toEqual([ids[1], ids[1], ids[1]]);
  });

  it('gives as many as are asked for where nothing binds', async () => {
    const campaign = await world.campaign({ limits: { perRecipient: null } });
    const outcomes = [];
    for (let i = 0; i < 3; i++) outcomes.push(await world.issue(campaign, { ...ann, externalId: 'ann' }));
    expect(tally(outcomes)).toEqual({ issued: 3 });
    expect(new Set(outcomes.map((outcome) => couponIn(outcome).code)).size).toBe(3);
  });

  it('refuses whom it should not give the same coupon again', async () => {
    const campaign = await world.campaign({ limits: { onRepeat: 'reject' } });
    const both = { ...ann, externalId: 'ann' };
    const outcomes = [
      await world.issue(campaign, ann),
      await world.issue(campaign, ann),
      await world.issue(campaign, both),
    ];
    expect(tally(outcomes)).toEqual({ issued: 1, 'recipient.limit_reached': 2 });
  });

  it('knows a person who came by one name by the others they have told since', async () => {
    const campaign = await world.campaign();
    const first = await world.coupon(campaign, { externalId: 'crm 7', firstName: 'Ann' });
    await world.issue(campaign, { externalId: 'crm 7', phone: '+447911123456' });
    const again = await world.coupon(campaign, { phone: '+447911123456', email: 'ann@example.com' });
    expect(again.id).toBe(first.id);
    expect(again.recipient).toEqual({
      externalId: 'crm 7',
      firstName: 'Ann',
      phone: '+447911123456',
      email: 'ann@example.com',
    });
  });

  it('gives each name the coupon it got, and both together the older', async () => {
    const campaign = await world.campaign();
    const [phone, email] = ['+447911123456', 'ann@example.com'];
    const names = [{ phone }, { email }, { phone, email }, { phone }, { email }];
    const ids: string[] = [];
    for (const [index, name] of names.entries()) {
      world.clock.is(`2026-05-01T10:00:0${index}Z`);
      ids.push((await world.coupon(campaign, name)).id);
    }
    const [x, y] = ids;
    expect(ids).toEqual([x, y, x, x, y]);
    expect(await world.count('slot', `campaign_id = '${campaign.id}'`)).toBe(2);
  });

  it('takes spellings of an e-mail address for one person only where the campaign says so', async () => {
    const strict = await world.campaign({ limits: { ignorePlus: true, ignoreDots: true } });
    const loose = await world.campaign();
    const spellings = ['Ann.Lee@Example.com', 'annlee+spring@example.com', 'a.n.n.lee@EXAMPLE.com'];
    for (const [campaign, issued] of [
      [strict, 1],
      [loose, 3],
    ] as const) {
      const outcomes = [];
      for (const email of spellings) outcomes.push(await world.issue(campaign, { email }));
      expect(tally(outcomes).issued).toBe(issued);
    }
    const { recipient } = await world.coupon(strict, { email: 'annlee@example.com' });
    expect(recipient.email).toBe('ann.lee@example.com');
  });

  it('ends a coupon with the last millisecond of its last day in the campaign’s zone', async () => {
    const campaign = await world.campaign({
      timezone: 'America/New_York',
      validity: { daysAfterIssue: 5 },
    });
    // 23:30 on the 2nd in New York, already the 3rd in UTC; the clocks go forward on the 8th.
    world.clock.is('2026-03-03T04:30:00Z');
    const coupon = await world.coupon(campaign, ann);
    expect(coupon.validFrom).toBe('2026-03-03T04:30:00.000Z');
    expect(coupon.validTo).toBe('2026-03-08T04:59:59.999Z');
    world.clock.is('2026-03-04T04:30:00Z');
    expect((await world.coupon(campaign, { email: 'bob@example.com' })).validTo).toBe(
      '2026-03-09T03:59:59.999Z',
    );
  });

  it('counts the days of a coupon from the day it becomes valid', async () => {
    world.clock.is('2026-06-01T12:00:00Z');
    const validity = { startsAt: '2026-06-10T00:00:00Z', daysAfterIssue: 5 };
    expect(await world.coupon(await world.campaign({ validity }), ann)).toMatchObject({
      validFrom: '2026-06-10T00:00:00.000Z',
      validTo: '2026-06-15T23:59:59.999Z',
    });
  });

  it('never ends a coupon after the year 9999', async () => {
    const validity = { startsAt: '9999-12-31T00:00:00Z', daysAfterIssue: 3_660 };
    const campaign = await world.campaign({ validity, timezone: 'America/New_York' });
    expect((await world.coupon(campaign, ann)).validTo).toBe('9999-12-31T23:59:59.999Z');
  });

  it('ends with the campaign when that is sooner, also when its end is moved', async () => {
    world.clock.is('2026-06-01T12:00:00Z');
    const campaign = await world.campaign({
      validity: { endsAt: '2026-06-03T02:00:00+02:00', daysAfterIssue: 5 },
    });
    expect((await world.coupon(campaign, ann)).validTo).toBe('2026-06-03T00:00:00.000Z');
    await world.change(campaign, { validity: { endsAt: '2026-06-30T00:00:00Z' } });
    expect((await world.coupon(campaign, ann)).validTo).toBe('2026-06-06T23:59:59.999Z');
    await world.change(campaign, { validity: { endsAt: null, daysAfterIssue: null } });
    // What was promised at issue stays.
    expect((await world.coupon(campaign, ann)).validTo).toBe('2026-06-06T23:59:59.999Z');
  });

  it('may give coupons out before they are valid, and none once the campaign is over', async () => {
    world.clock.is('2026-06-01T12:00:00Z');
    const campaign = await world.campaign({
      validity: { startsAt: '2026-06-10T00:00:00Z', endsAt: '2026-06-20T00:00:00Z' },
    });
    expect((await world.coupon(campaign, ann)).validFrom).toBe('2026-06-10T00:00:00.000Z');
    world.clock.is('2026-06-20T00:00:00Z');
    expect(tally([await world.issue(campaign, ann)])).toEqual({ 'campaign.ended': 1 });
  });
});

import {
  AddSpend,
  CampaignChanged,
  CouponIssued,
  CouponRedeemed,
  CouponVoided,
  DeliverySettled,
  CouponPageOpened,
  GetFunnel,
  GetTimeseries,
  ListSpend,
  newId,
  RedemptionReversed,
  RemoveSpend,
  TrafficCounted,
  type Campaign,
  type DomainError,
  type ReplyOf,
  type ReportGroup,
  type SpendEntry,
} from '@tearoff/contracts';
import { overBothTransports } from '@tearoff/testing';
import {
  aCampaign,
  issuedOf,
  openedOf,
  redeemedOf,
  reversedOf,
  settledOf,
  trafficOf,
  voidedOf,
} from './builders';
import { newAccount, World } from './world';

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(means);
  });
  afterAll(() => world.stop());

  let accountId: string;
  let campaign: Campaign;
  beforeEach(() => {
    accountId = newAccount();
    campaign = aCampaign(accountId);
  });

  const funnel = (groupBy: ReportGroup[] = [], more: object = {}) =>
    world.ask(GetFunnel, { accountId, campaignId: campaign.id, groupBy, ...more });
  const series = (more: object = {}) =>
    world.ask(GetTimeseries, { accountId, campaignId: campaign.id, interval: 'day', ...more });
  const spend = (amount: number, more: object = {}) =>
    world.ask(AddSpend, {
      accountId,
      campaignId: campaign.id,
      id: newId('spend'),
      source: { medium: 'tv' },
      amount,
      currency: 'EUR',
      day: '2027-03-01',
      ...more,
    });

  it('follows a coupon from the ad to the money, and sets it against what the ad cost', async () => {
    const source = { medium: 'tv' };
    const [spent, seen, plain] = [0, 1, 2].map(() => issuedOf(campaign, { source }));
    await world.tell(
      [CampaignChanged, campaign],
      [TrafficCounted, trafficOf(campaign)],
      [CouponIssued, spent, seen, plain],
      [DeliverySettled, settledOf(spent, 'sent'), settledOf(seen, 'delivered'), settledOf(plain, 'failed')],
      [CouponPageOpened, openedOf(spent), openedOf(seen), openedOf(spent, '2027-03-05T00:00:00.000Z')],
      [CouponRedeemed, redeemedOf(spent, { redeemedAt: '2027-03-01T10:01:40.000Z' })],
    );
    await spend(2_000);
    const { data, total } = await funnel(['source']);
    expect(data).toEqual([
      {
        group: { source: 'tv' },
        currency: 'EUR',
        views: 10,
        clicks: 4,
        botViews: 1,
        botClicks: 0,
        issued: 3,
        sent: 2,
        delivered: 1,
        opened: 2,
        redeemed: 1,
        reversed: 0,
        voided: 0,
        revenue: 5_000,
        discount: 1_000,
        spend: 2_000,
        costPerRedemption: 2_000,
        returnOnSpend: 2.5,
        secondsToRedeem: { median: 100, p90: 100 },
      },
    ]);
    expect(total).toEqual({ ...data[0], group: {} });
  });

  it('counts by source, store, channel, day and campaign, and crosses them', async () => {
    const other = aCampaign(accountId, { name: 'Other' });
    const [a, b, c] = [
      issuedOf(campaign, { source: { medium: 'tv', ad: 'x' } }),
      issuedOf(campaign, { issuedAt: '2027-03-02T10:00:00.000Z' }),
      issuedOf(other),
    ];
    await world.tell(
      [CampaignChanged, campaign, other],
      [CouponIssued, a, b, c],
      [CouponRedeemed, redeemedOf(a), redeemedOf(b, { storeId: null, channel: 'online' })],
    );
    const lines = async (...groupBy: ReportGroup[]) => {
      const { data } = await world.ask(GetFunnel, { accountId, groupBy });
      return data.map(({ group, issued, redeemed }) => [...Object.values(group), issued, redeemed]);
    };
    expect(await lines()).toEqual([[3, 2]]);
    expect(await lines('source')).toEqual([
      ['tv::x', 1, 1],
      [null, 2, 1],
    ]);
    expect(await lines('channel', 'store')).toEqual([
      ['online', null, 1, 1],
      ['store', 'london-1', 1, 1],
      [null, null, 1, 0],
    ]);
    expect(await lines('day')).toEqual([
      ['2027-03-01', 2, 1],
      ['2027-03-02', 1, 1],
    ]);
    expect(await lines('campaign')).toEqual(
      expect.arrayContaining([
        [campaign.id, 2, 2],
        [other.id, 1, 0],
      ]),
    );
    expect(await lines('day', 'source')).toHaveLength(3);
  });

  it('takes the revenue of a reversed redemption back, and counts the coupon once when it is spent anew', async () => {
    const coupon = issuedOf(campaign);
    const first = redeemedOf(coupon);
    await world.tell([CampaignChanged, campaign], [CouponIssued, coupon], [CouponRedeemed, first]);
    await world.tell([RedemptionReversed, reversedOf(first)]);
    expect((await funnel()).total).toMatchObject({ redeemed: 0, reversed: 1, revenue: 0, discount: 0 });
    const again = redeemedOf(coupon, {
      redeemedAt: '2027-03-04T10:00:00.000Z',
      basket: { total: 700, currency: 'EUR' },
    });
    await world.tell([CouponRedeemed, again], [CouponVoided, voidedOf(issuedOf(campaign))]);
    expect((await funnel()).total).toMatchObject({ issued: 1, redeemed: 1, reversed: 1, revenue: 700 });
    expect((await series()).data).toEqual([
      expect.objectContaining({ day: '2027-03-01', issued: 1, redeemed: 0 }),
      expect.objectContaining({ day: '2027-03-02', redeemed: 1, revenue: 5_000, discount: 1_000 }),
      expect.objectContaining({ day: '2027-03-03', redeemed: 0, reversed: 1, revenue: -5_000 }),
      expect.objectContaining({ day: '2027-03-04', redeemed: 1, revenue: 700 }),
    ]);
  });

  it('never mixes currencies: each has its line, and the total then tells no money', async () => {
    const coupons = [0, 1, 2, 3].map(() => issuedOf(campaign));
    const [eur, usd, none] = coupons;
    await world.tell(
      [CampaignChanged, campaign],
      [CouponIssued, ...coupons],
      [
        CouponRedeemed,
        redeemedOf(eur),
        redeemedOf(usd, { basket: { total: 900, currency: 'USD' } }),
        redeemedOf(none, { basket: null, discount: null }),
      ],
    );
    await spend(100, { currency: 'USD' });
    const { data, total } = await funnel();
    expect(
      data.map(({ currency, issued, redeemed, revenue, spend: cost }) => [
        currency,
        issued,
        redeemed,
        revenue,
        cost,
      ]),
    ).toEqual([
      ['EUR', 1, 1, 5_000, 0],
      ['USD', 1, 1, 900, 100],
      [null, 2, 1, 0, 0],
    ]);
    expect(total).toMatchObject({ currency: null, issued: 4, redeemed: 3, revenue: 0, spend: 0 });
    expect(await series()).toMatchObject({ currency: 'USD', currencies: ['USD', 'EUR'] });
    const euros = await series({ currency: 'EUR' });
    expect(euros.data.reduce((sum, { revenue, spend: cost }) => sum + revenue + cost, 0)).toBe(5_000);
    const dollars = await series();
    expect(dollars.data.reduce((sum, { revenue, spend: cost }) => sum + revenue + cost, 0)).toBe(1_000);
  });

  it('what is told without money is in the one line of its group, and of an unnamed currency in XXX', async () => {
    const coupons = [0, 1].map(() => issuedOf(campaign));
    await world.tell(
      [CampaignChanged, campaign],
      [CouponIssued, ...coupons],
      [
        CouponRedeemed,
        redeemedOf(coupons[0], { basket: { total: 40 } }),
        redeemedOf(coupons[1], { basket: null }),
      ],
    );
    expect((await funnel()).data).toEqual([
      expect.objectContaining({ currency: 'XXX', redeemed: 2, revenue: 40 }),
    ]);
  });

  it('a basket without a currency is in that of its discount', async () => {
    const coupon = issuedOf(campaign);
    const discount = { kind: 'amount' as const, value: 500, currency: 'EUR', amount: 500 };
    await world.tell(
      [CampaignChanged, campaign],
      [CouponIssued, coupon],
      [CouponRedeemed, redeemedOf(coupon, { basket: { total: 2_000 }, discount })],
    );
    expect((await funnel()).data).toEqual([
      expect.objectContaining({ currency: 'EUR', revenue: 2_000, discount: 500 }),
    ]);
  });

  it('a day is the campaign’s own, also after its zone was corrected', async () => {
    const zoned = { ...campaign, timezone: 'Pacific/Auckland' };
    await world.tell(
      [CampaignChanged, zoned],
      [CouponIssued, issuedOf(zoned, { issuedAt: '2027-03-01T11:30:00.000Z' })],
      [TrafficCounted, trafficOf(zoned, { intervalStart: '2027-03-01T10:45:00.000Z' })],
    );
    const days = async () =>
      (await funnel(['day'])).data.map(({ group, views, issued }) => [group.day, views, issued]);
    expect(await days()).toEqual([
      ['2027-03-01', 10, 0],
      ['2027-03-02', 0, 1],
    ]);
    expect((await funnel([], { from: '2027-03-02', to: '2027-03-02' })).total).toMatchObject({
      issued: 1,
      views: 0,
    });
    await world.tell([CampaignChanged, { ...zoned, version: 2, timezone: 'America/Los_Angeles' }]);
    await world.tell([CampaignChanged, zoned]);
    expect(await days()).toEqual([['2027-03-01', 10, 1]]);
  });

  it('a series has every day, week or month of its span, with noughts where nothing happened', async () => {
    await world.tell(
      [CampaignChanged, campaign],
      [CouponIssued, issuedOf(campaign, { issuedAt: '2027-03-03T00:00:00.000Z' }), issuedOf(campaign)],
    );
    const issued = async (more: object) => (await series(more)).data.map((line) => [line.day, line.issued]);
    expect(await issued({ from: '2027-02-28', to: '2027-03-04' })).toEqual([
      ['2027-02-28', 0],
      ['2027-03-01', 1],
      ['2027-03-02', 0],
      ['2027-03-03', 1],
      ['2027-03-04', 0],
    ]);
    expect(await issued({ interval: 'week', from: '2027-02-24', to: '2027-03-10' })).toEqual([
      ['2027-02-22', 0],
      ['2027-03-01', 2],
      ['2027-03-08', 0],
    ]);
    expect(await issued({ interval: 'month' })).toEqual([['2027-03-01', 2]]);
    await expect(series({ from: '1900-01-01', to: '2027-01-01' })).rejects.toMatchObject({
      code: 'report.too_many_lines',
    });
  });

  it('traffic told twice, late or by several gateways is counted once', async () => {
    const low = trafficOf(campaign, { views: 3, clicks: 1 });
    const high = trafficOf(campaign, { views: 9, clicks: 2 });
    await world.tell(
      [CampaignChanged, campaign],
      [TrafficCounted, high],
      [TrafficCounted, low, high],
      [TrafficCounted, trafficOf(campaign, { counter: 'gateway-2', views: 1, clicks: 1 })],
    );
    expect((await funnel()).total).toMatchObject({ views: 10, clicks: 3 });
  });

  it('the same spend counts once', async () => {
    world.owners.campaigns.set(campaign.id, campaign);
    const id = newId('spend');
    await Promise.all([1, 2, 3].map(() => spend(500, { id })));
    expect(await spend(999, { id })).toMatchObject({ id, amount: 500, source: { medium: 'tv' } });
    await spend(100);
    expect((await funnel(['source', 'day'])).data).toMatchObject([
      { group: { source: 'tv', day: '2027-03-01' }, spend: 600, costPerRedemption: null, returnOnSpend: 0 },
    ]);
  });

  it('spend that was told wrongly is found, a page at a time, and taken back', async () => {
    world.owners.campaigns.set(campaign.id, campaign);
    const { accountId, id: campaignId } = campaign;
    for (const [amount, day] of [
      [1, '2027-03-01'],
      [20, '2027-03-01'],
      [300, '2027-03-02'],
    ] as const)
      await spend(amount, { day });
    const listed: SpendEntry[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: ReplyOf<typeof ListSpend> = await world.ask(ListSpend, {
        accountId,
        campaignId,
        limit: 1,
        ...(cursor && { cursor }),
      });
      listed.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(listed.map(({ day }) => day)).toEqual(['2027-03-02', '2027-03-01', '2027-03-01']);
    expect(listed.reduce((sum, { amount }) => sum + amount, 0)).toBe(321);

    const spendId = listed.find(({ amount }) => amount === 20)!.id;
    const remove = (from: object) =>
      world.ask(RemoveSpend, { accountId, campaignId, spendId, ...from }).then(
        () => 'removed',
        ({ code }: DomainError) => code,
      );
    expect(await remove({ accountId: newAccount() })).toBe('spend.not_found');
    expect(await remove({ campaignId: newId('campaign') })).toBe('spend.not_found');
    expect((await funnel()).total.spend).toBe(321);
    expect([await remove({}), await remove({})]).toEqual(['removed', 'spend.not_found']);
    expect((await funnel()).total.spend).toBe(301);
    await expect(world.ask(ListSpend, { accountId, campaignId, cursor: 'nonsense' })).rejects.toMatchObject({
      code: 'request.invalid_cursor',
    });
  });

  it('a campaign just made is found, another account’s is not, nor is a day that does not exist', async () => {
    world.owners.campaigns.set(campaign.id, campaign);
    expect((await funnel()).total).toMatchObject({ issued: 0, currency: null });
    const stranger = newAccount();
    await expect(
      world.ask(GetFunnel, { accountId: stranger, campaignId: campaign.id, groupBy: [] }),
    ).rejects.toMatchObject({ code: 'campaign.not_found' });
    for (const span of [{ from: '2027-02-02', to: '2027-02-01' }, { from: '0000-01-01' }])
      await expect(funnel([], span)).rejects.toMatchObject({ code: 'report.invalid_span' });
  });

  it('another account’s coupons are in no report', async () => {
    const foreign = aCampaign(newAccount(), { id: campaign.id });
    await world.tell(
      [CampaignChanged, campaign],
      [CouponIssued, issuedOf(campaign), issuedOf(foreign), issuedOf(foreign)],
      [TrafficCounted, trafficOf(foreign)],
    );
    expect((await funnel()).total).toMatchObject({ issued: 1, views: 0 });
  });
});

import { FindCampaign, GetCampaign, ListCampaigns, newId, type CampaignInput } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { World } from './world';

describe('campaigns', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world?.stop());

  it('need only a name', async () => {
    const campaign = await world.campaign();
    expect(campaign).toMatchObject({
      name: 'Spring',
      version: 1,
      status: 'active',
      type: 'direct',
      timezone: 'UTC',
      discount: null,
      barcode: 'qrcode',
      validity: { startsAt: null, endsAt: null, daysAfterIssue: null },
      codes: { source: 'generated', length: 12, prefix: '' },
      limits: { total: null, perRecipient: { count: 1, per: 'campaign' }, onRepeat: 'sameCoupon' },
      issued: 0,
      stock: null,
    });
    expect(campaign.codes.charset).not.toMatch(/[01OIL]/);
    expect(await world.counts(campaign)).toEqual(campaign);
  });

  it('are found by anyone who knows the id', async () => {
    const { issued: _issued, stock: _stock, ...campaign } = await world.campaign();
    const find = (campaignId: string) => world.ask(FindCampaign, { campaignId });
    const [found, missing] = await Promise.allSettled([find(campaign.id), find(newId('campaign'))]);
    expect(found).toEqual({ status: 'fulfilled', value: campaign });
    expect(missing).toMatchObject({ reason: { code: 'campaign.not_found' } });
  });

  it.each<[string, Partial<CampaignInput> & Record<string, unknown>]>([
    ['/timezone', { timezone: 'Mars/Olympus' }],
    ['/validity/endsAt', { validity: { startsAt: '2026-02-01T00:00:00Z', endsAt: '2026-01-31T23:00:00Z' } }],
    ['/validity/endsAt', { validity: { endsAt: '9999-12-31T23:59:59-12:00' } }],
    ['/validity/endsAt', { validity: { endsAt: '2016-12-31T23:59:60Z' } }],
    ['/validity/startsAt', { validity: { startsAt: '0000-01-01T00:00:00Z' } }],
    ['/validity/startsAt', { validity: { startsAt: '1970-01-01T00:00:00+01:00' } }],
    ['/name', { name: ' \t' }],
    ['/offers', { type: 'mystery' }],
    ['/offers', { type: 'choice', offers: [] }],
    ['/game', { type: 'game', offers: [{}] }],
    ['/discount/currency', { discount: { kind: 'amount', value: 500, currency: 'ZZZ' } }],
    ['/discount/currency', { discount: { kind: 'other', currency: 'ZZZ' } }],
    ['/discount/value', { discount: { kind: 'percent', value: 101 } }],
    ['/discount/value', { discount: { kind: 'percent' } }],
    ['/discount/value', { discount: { kind: 'amount', value: 1.5, currency: 'EUR' } }],
    ['/discount/currency', { discount: { kind: 'amount', value: 500 } }],
    ['/redemption/currency', { redemption: { minBasket: 2_000 } }],
    [
      '/redemption/currency',
      { discount: { kind: 'percent', value: 10 }, offers: [{}], redemption: { minBasket: 2_000 } },
    ],
    ['/redemption/currency', { redemption: { minBasket: 2_000, currency: 'ZZZ' } }],
    ['/redemption/currency', { redemption: { currency: 'ZZZ' } }],
    [
      '/discount/currency',
      {
        discount: { kind: 'amount', value: 500, currency: 'EUR' },
        redemption: { minBasket: 2_000, currency: 'USD' },
      },
    ],
    [
      '/offers/1/discount/currency',
      {
        type: 'choice',
        offers: [
          { discount: { kind: 'amount', value: 500, currency: 'EUR' } },
          { discount: { kind: 'amount', value: 500, currency: 'USD' } },
        ],
        redemption: { minBasket: 2_000 },
      },
    ],
    ['/codes/length', { codes: { length: 6, charset: '0123456789' } }],
    ['/codes/length', { codes: { length: 8, charset: '0123456789' }, limits: { total: 1_000_000 } }],
    ['/codes/charset', { codes: { charset: 'AABCDEFGH' } }],
    ['/redemption/hours/to', { redemption: { hours: { from: '09:00', to: '09:00' } } }],
    ['/redemption/hours/to', { redemption: { hours: { from: '09:00', to: '24:30' } } }],
    ['/claim/country', { claim: { public: true } }],
    ['/claim/country', { claim: { public: true, country: 'XX' } }],
    ['/claim/countries/1', { claim: { country: 'DE', countries: ['DE', 'QQ'] } }],
    ['/offers/1/id', { offers: [{ id: 'a' }, { id: 'a' }] }],
    ['/offers/0/discount/currency', { offers: [{ discount: { kind: 'amount', value: 1 } }] }],
    ['/content/tittle', { content: { tittle: 'A coffee' } as never }],
  ])('with a fault at %s are refused: %j', async (path, input) => {
    await expect(world.campaign(input)).rejects.toMatchObject({
      code: 'campaign.invalid',
      kind: 'invalid',
      details: { errors: [expect.objectContaining({ path })] },
    });
  });

  it.each<[string, Partial<CampaignInput>]>([
    ['names it', { redemption: { minBasket: 2_000, currency: 'JPY' } }],
    ['has a discount in it', { discount: { kind: 'amount', value: 500, currency: 'EUR' } }],
    ['has a percentage that names it', { discount: { kind: 'percent', value: 10, currency: 'EUR' } }],
    ['has an offer in it', { offers: [{ discount: { kind: 'amount', value: 500, currency: 'EUR' } }, {}] }],
  ])('may have a minimum whose currency is known: the campaign %s', async (_how, parts) => {
    const campaign = await world.campaign({
      ...parts,
      redemption: { minBasket: 2_000, ...parts.redemption },
    });
    expect(campaign.redemption.minBasket).toBe(2_000);
  });

  it('need no currency for what has no minimum, and may have offers of several', async () => {
    const inDollars = { kind: 'amount' as const, value: 500, currency: 'USD' };
    const offers = [{ discount: inDollars }, { discount: { ...inDollars, currency: 'EUR' } }];
    await world.campaign({ type: 'choice', offers, redemption: { minBasket: 0 } });
    await world.campaign({ discount: { kind: 'percent', value: 10 }, redemption: { minBasket: null } });
  });

  it('are refused a change by which their minimum loses its currency', async () => {
    const campaign = await world.campaign({
      discount: { kind: 'amount', value: 500, currency: 'EUR' },
      redemption: { minBasket: 2_000 },
    });
    const changes = [{ discount: null }, { discount: { kind: 'percent', value: 10, currency: null } }];
    for (const change of changes)
      await expect(world.change(campaign, change)).rejects.toMatchObject({
        code: 'campaign.invalid',
        details: { errors: [{ path: '/redemption/currency' }] },
      });
    expect((await world.change(campaign, { discount: { currency: 'USD' } })).discount?.currency).toBe('USD');
  });

  it('that were saved before minimums had a currency can be read and paused, and say it with the next change of money', async () => {
    const campaign = await world.campaign({ discount: { kind: 'percent', value: 10 } });
    await world.dataSource.query(`update campaign set redemption = '{"minBasket": 2000}' where id = $1`, [
      campaign.id,
    ]);
    expect((await world.counts(campaign)).redemption).toEqual({ minBasket: 2_000 });
    expect(await world.change(campaign, { status: 'paused', name: 'Summer' })).toMatchObject({ version: 2 });
    await expect(world.change(campaign, { redemption: { minBasket: 3_000 } })).rejects.toMatchObject({
      details: { errors: [{ path: '/redemption/currency' }] },
    });
    const changed = await world.change(campaign, { redemption: { currency: 'EUR' } });
    expect(changed.redemption).toEqual({ minBasket: 2_000, currency: 'EUR' });
  });

  it('give every offer an id', async () => {
    const campaign = await world.campaign({ type: 'mystery', offers: [{ weight: 1 }, { id: 'mine' }] });
    expect(campaign.offers).toEqual([{ id: expect.stringMatching(/^off_/), weight: 1 }, { id: 'mine' }]);
  });

  it('are listed newest first, page by page, by status', async () => {
    const accountId = newId('account');
    const ids: string[] = [];
    for (const status of ['active', 'paused', 'active'] as const)
      ids.unshift((await world.campaign({ status }, accountId)).id);
    const first = await world.ask(ListCampaigns, { accountId, limit: 2 });
    const rest = await world.ask(ListCampaigns, { accountId, limit: 2, cursor: first.nextCursor! });
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(ids);
    expect(rest.nextCursor).toBeNull();
    const paused = await world.ask(ListCampaigns, { accountId, status: 'paused' });
    expect(paused.data.map(({ id }) => id)).toEqual([ids[1]]);
  });

  it.each(['', 'zzz', 'cam_00000000000000000000000000'])('are not listed after %j', async (cursor) => {
    await expect(world.ask(ListCampaigns, { accountId: world.accountId, cursor })).rejects.toMatchObject({
      code: 'request.invalid_cursor',
      kind: 'invalid',
    });
  });

  it('keep their time zone in its own spelling', async () => {
    const campaign = await world.campaign({ timezone: 'europe/kyiv' });
    expect(campaign.timezone).toBe('Europe/Kyiv');
    expect((await world.change(campaign, { timezone: 'AMERICA/NEW_YORK' })).timezone).toBe(
      'America/New_York',
    );
  });

  it('are not there for other accounts', async () => {
    const { id } = await world.campaign();
    await expect(
      world.ask(GetCampaign, { accountId: newId('account'), campaignId: id }),
    ).rejects.toMatchObject({ code: 'campaign.not_found' });
  });

  it('are found by anyone who has their id, each on its own', async () => {
    const { id, accountId } = await world.campaign();
    const unknown = world.ask(FindCampaign, { campaignId: newId('campaign') });
    const [found] = await Promise.all([
      world.ask(FindCampaign, { campaignId: id }),
      expect(unknown).rejects.toMatchObject({ code: 'campaign.not_found' }),
    ]);
    expect(found).toMatchObject({ id, accountId, name: 'Spring' });
    expect(found).not.toHaveProperty('issued');
  });

  it('change member by member, and tell each version', async () => {
    const campaign = await world.campaign({
      content: { title: 'A coffee', terms: 'One a person.' },
      discount: { kind: 'percent', value: 10, currency: 'EUR' },
      limits: { total: 5 },
      redemption: { storeIds: ['1'], minBasket: 500 },
    });
    const changed = await world.change(campaign, {
      name: 'Summer',
      content: { title: 'A tea', terms: null },
      discount: null,
      limits: { total: null, perRecipient: null },
      redemption: { storeIds: null, currency: 'EUR' },
      timezone: null,
    });
    expect(changed).toMatchObject({ version: 2, name: 'Summer', discount: null, timezone: 'UTC' });
    expect(changed.content).toEqual({ title: 'A tea' });
    expect(changed.redemption).toEqual({ minBasket: 500, currency: 'EUR' });
    expect(changed.limits).toMatchObject({ total: null, perRecipient: null, onRepeat: 'sameCoupon' });
    expect((await world.change(campaign, { name: 'Summer' })).version).toBe(2);
    const { campaigns } = world.notification.heard;
    await eventually(() => campaigns.some(({ id, version }) => id === campaign.id && version === 2));
    expect(campaigns.filter(({ id }) => id === campaign.id)).toHaveLength(2);
  });

  it.each([
    [{ colour: 'red' }, '/colour'],
    [{ version: 7 }, '/version'],
    [{ name: null }, '/name'],
    [{ limits: { totals: 1 } }, '/limits/totals'],
    [{ validity: { endsAt: 'soon' } }, '/validity/endsAt'],
    [{ status: 'open' }, '/status'],
    [{ type: 'game' }, '/offers'],
    [{ validity: { endsAt: '9999-12-31T23:59:59-12:00' } }, '/validity/endsAt'],
    [{ validity: { startsAt: '0000-06-01T00:00:00Z' } }, '/validity/startsAt'],
  ])('do not take the change %j', async (patch, path) => {
    const campaign = await world.campaign();
    await expect(world.change(campaign, patch)).rejects.toMatchObject({
      code: 'campaign.invalid',
      details: { errors: expect.arrayContaining([expect.objectContaining({ path })]) },
    });
  });

  it('keep codes and type once a coupon is out, and never a total below what is issued', async () => {
    const campaign = await world.campaign();
    expect((await world.change(campaign, { codes: { length: 10 } })).codes.length).toBe(10);
    const { code } = await world.coupon(campaign, { externalId: 'ann' });
    await world.issue(campaign, { externalId: 'bob' });
    expect(code).toHaveLength(10);
    await expect(world.change(campaign, { codes: { length: 12 } })).rejects.toMatchObject({
      code: 'campaign.in_use',
      kind: 'conflict',
    });
    await expect(world.change(campaign, { type: 'choice', offers: [{}] })).rejects.toMatchObject({
      code: 'campaign.in_use',
    });
    await expect(world.change(campaign, { limits: { total: 1 } })).rejects.toMatchObject({
      code: 'campaign.total_below_issued',
      kind: 'conflict',
    });
    expect(await world.change(campaign, { limits: { total: 2 }, codes: { lowStock: 5 } })).toMatchObject({
      issued: 2,
      limits: { total: 2 },
    });
    expect((await world.issue(campaign, { externalId: 'cy' })).outcome).toBe('refused');
    await world.change(campaign, { limits: { total: null } });
    expect((await world.issue(campaign, { externalId: 'cy' })).outcome).toBe('issued');
    expect((await world.counts(campaign)).issued).toBe(3);
  });
});

import { eventually, onBothTransports, startSystem, type Answer, type System } from './system';

const person = {
  'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148',
};

onBothTransports('reports', (transport) => {
  let system: System;
  let campaignId: string;
  beforeAll(async () => {
    system = await startSystem(transport);
    const { body } = await system.post('/v1/campaigns', {
      name: 'Spring',
      discount: { kind: 'percent', value: 20 },
      messages: { sms: { body: '{{ url }}' } },
    });
    campaignId = body.id;
  });
  afterAll(() => system?.stop());

  const funnel = async (query = '') =>
    (await system.get(`/v1/reports/funnel?campaignId=${campaignId}${query}`)).body;
  const issue = (n: number, more: object = {}): Promise<Answer> =>
    system.post('/v1/coupons', {
      campaignId,
      recipient: { phone: `+4474001234${String(n).padStart(2, '0')}` },
      source: { medium: 'tv', site: 'one' },
      ...more,
    });
  const redeem = async (code: string) =>
    (
      await system.post('/v1/redemptions', {
        code,
        storeId: 'kyiv-1',
        basket: { total: 5_000, currency: 'EUR' },
      })
    ).body;

  it('tell the way of an ad’s money: seen, clicked, issued, sent, opened, redeemed, taken back', async () => {
    for (const path of [`/t/v.gif?c=${campaignId}&s=tv:one`, `/t/c?c=${campaignId}&s=tv:one`])
      await fetch(system.url + path, { headers: person, redirect: 'manual' });
    const [first, second] = await Promise.all([issue(1, { channel: 'sms' }), issue(2)]);
    await fetch(first.body.url, { headers: person });
    await fetch(second.body.url, { headers: { 'user-agent': 'WhatsApp/2.24' } });
    await redeem(first.body.code);
    const { id } = await redeem(second.body.code);
    await system.post(`/v1/redemptions/${id}/reverse`);
    const spend = {
      source: { medium: 'tv', site: 'one' },
      amount: 1_000,
      currency: 'EUR',
      day: '2027-01-31',
    };
    expect((await system.post(`/v1/campaigns/${campaignId}/spend`, spend)).status).toBe(201);
    await eventually(async () =>
      expect((await funnel('&groupBy=source')).data).toEqual([
        expect.objectContaining({
          group: { source: 'tv:one' },
          currency: 'EUR',
          views: 1,
          clicks: 1,
          issued: 2,
          sent: 1,
          opened: 1,
          redeemed: 1,
          reversed: 1,
          revenue: 5_000,
          discount: 1_000,
          spend: 1_000,
          costPerRedemption: 1_000,
          returnOnSpend: 5,
        }),
      ]),
    );
    expect((await funnel('&groupBy=store')).data[0]).toMatchObject({ group: { store: 'kyiv-1' }, issued: 2 });
  });

  it('built anew from the real services while coupons go out and come back are the same as before', async () => {
    let n = 10;
    const busy = async (): Promise<void> => {
      const { body } = await issue(n++, n % 3 === 0 ? { channel: 'sms' } : {});
      if (n % 2 === 0) {
        const { id } = await redeem(body.code);
        if (n % 4 === 0) await system.post(`/v1/redemptions/${id}/reverse`);
      }
    };
    for (let i = 0; i < 20; i++) await busy();
    expect((await system.post('/v1/reports/rebuild')).status).toBe(202);
    for (let i = 0; i < 20; i++) await busy();
    const done = () =>
      eventually(
        async () =>
          expect((await system.get('/v1/reports/rebuild')).body).toMatchObject({
            state: 'done',
            error: null,
          }),
        { timeoutMs: 25_000 },
      );
    await done();
    await eventually(async () =>
      expect((await funnel()).total).toMatchObject({
        issued: 42,
        sent: 14,
        redeemed: 11,
        reversed: 11,
        opened: 1,
        views: 1,
      }),
    );
    const before = await funnel('&groupBy=source,store,channel,day');
    await system.post('/v1/reports/rebuild');
    await done();
    expect(await funnel('&groupBy=source,store,channel,day')).toEqual(before);
  }, 60_000);
});

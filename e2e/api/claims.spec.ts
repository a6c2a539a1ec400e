import { eventually, onBothTransports, startSystem, type System } from './system';

const origin = 'https://shop.example';

onBothTransports('a claim over the whole system', (transport) => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem(transport);
  });
  afterAll(() => system?.stop());

  it('brings an SMS whose link opens the coupon; asking again is answered byte for byte alike and sends nothing', async () => {
    const { body: key } = await system.post('/v1/api-keys', {
      name: 'shop',
      scopes: ['public'],
      origins: [origin],
    });
    const { body: campaign } = await system.post('/v1/campaigns', {
      name: 'On demand',
      content: { title: 'Any coffee' },
      claim: { public: true, country: 'GB', origins: [origin] },
      limits: { total: 1 },
    });
    const claim = async (phone: string) => {
      const answer = await fetch(`${system.url}/v1/claims`, {
        method: 'POST',
        headers: { origin, 'x-client-id': key.clientId, 'content-type': 'application/json' },
        body: JSON.stringify({ campaignId: campaign.id, recipient: { phone }, source: { site: 'tv' } }),
      });
      const headers = [...answer.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
      return { status: answer.status, headers, bytes: await answer.text() };
    };
    const messages = async () =>
      (await system.get('/v1/sandbox/messages')).body.data as { to: string; text: string }[];

    const first = await claim('07400 123456');
    expect(first).toMatchObject({ status: 202, bytes: '{"status":"accepted"}' });
    await eventually(async () => expect(await messages()).toMatchObject([{ to: '+447400123456' }]));
    // The same person in another spelling, and one for whom there is nothing left.
    expect([await claim('+44 (0)7400 123456'), await claim('07400 123457')]).toEqual([first, first]);
    const other = await system.post('/v1/campaigns', {
      name: 'Later',
      claim: { public: true, country: 'GB' },
    });
    await system.post('/v1/claims', { campaignId: other.body.id, recipient: { phone: '07400 123458' } });
    await eventually(async () => expect((await messages()).map(({ to }) => to)).toContain('+447400123458'));
    expect((await messages()).map(({ to }) => to).sort()).toEqual(['+447400123456', '+447400123458']);

    const text = (await messages()).find(({ to }) => to === '+447400123456')!.text;
    const path = new URL(/https?:\S+/.exec(text)![0]).pathname;
    const gate = () => system.get(`/v1/campaigns/${campaign.id}/claims`);
    await eventually(async () =>
      expect((await gate()).body).toMatchObject({ status: 'open', served: 1, opened: 0 }),
    );
    const face = await fetch(system.url + path, {
      headers: { 'user-agent': 'Mozilla/5.0 (Android) Mobile' },
    });
    expect(await face.text()).toContain('Any coffee');
    await eventually(async () => expect((await gate()).body).toMatchObject({ served: 1, opened: 1 }));
    const { body: coupons } = await system.get(`/v1/coupons?campaignId=${campaign.id}`);
    expect(coupons.data).toMatchObject([{ source: { site: 'tv' }, channel: 'sms' }]);
  });
});

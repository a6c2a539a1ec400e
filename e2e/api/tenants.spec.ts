import { startSystem, type System } from './system';

let system: System;
let stranger: Record<string, string>;

beforeAll(async () => {
  system = await startSystem();
  const { body } = await system.post('/v1/accounts', { name: 'Stranger' });
  stranger = { 'x-client-id': body.apiKey.clientId, 'x-client-secret': body.apiKey.clientSecret };
});
afterAll(() => system?.stop());

it("another account's things are not there, and are in none of its lists", async () => {
  const { body: campaign } = await system.post('/v1/campaigns', { name: 'Mine' });
  const issue = (recipient: object) =>
    system.post('/v1/coupons', { campaignId: campaign.id, recipient, channel: 'sms' }, { prefer: 'wait=10' });
  const { body: coupon } = await issue({ phone: '+447400100200' });
  const { body: spent } = await issue({ phone: '+447400100201' });
  const { body: redemption } = await system.post('/v1/redemptions', { code: spent.code });
  const { body: held } = await system.post('/v1/reservations', { code: coupon.code });
  const { body: job } = await system.post(`/v1/campaigns/${campaign.id}/codes`, { count: 1 });
  await system.post('/v1/stores', { id: 'mine', name: 'Mine' });
  await system.post('/v1/suppressions', { channel: 'sms', address: '+447400100300' });
  const hook = { url: 'https://hooks.shop.example/', events: ['order placed'] };
  const webhook = `/v1/webhooks/${(await system.post('/v1/webhooks', hook)).body.id}`;
  const ask = (method: string, path: string, body?: object) =>
    system.call(method, path, { as: stranger, body });

  for (const [method, path, body] of [
    ['GET', `/v1/campaigns/${campaign.id}`],
    ['PATCH', `/v1/campaigns/${campaign.id}`, { name: 'Theirs' }],
    ['POST', `/v1/campaigns/${campaign.id}/codes`, { count: 1 }],
    ['GET', `/v1/campaigns/${campaign.id}/codes`],
    ['POST', '/v1/coupons', { campaignId: campaign.id, recipient: { externalId: 'x' } }],
    ['GET', `/v1/coupons/${coupon.id}`],
    ['POST', `/v1/coupons/${coupon.id}/void`, {}],
    ['POST', `/v1/coupons/${coupon.id}/send`, { channel: 'sms' }],
    ['POST', '/v1/redemptions', { code: coupon.code }],
    ['POST', '/v1/reservations', { code: coupon.code }],
    ['POST', '/v1/redemptions', { reservationId: held.id }],
    ['DELETE', `/v1/reservations/${held.id}`],
    ['POST', `/v1/redemptions/${redemption.id}/reverse`, {}],
    ['GET', `/v1/jobs/${job.jobId}`],
    ['GET', webhook],
    ['PATCH', webhook, { status: 'paused' }],
    ['GET', `${webhook}/attempts`],
    ['POST', `${webhook}/replay`, { since: '2026-01-01T00:00:00Z' }],
    ['POST', `${webhook}/rotate-secret`],
    ['DELETE', webhook],
    ['DELETE', '/v1/suppressions?channel=sms&address=%2B447400100300'],
  ] as [string, string, object?][]) {
    const answer = await ask(method, path, body);
    expect([method, path, answer.status]).toEqual([method, path, 404]);
  }
  expect((await ask('POST', '/v1/validations', { code: coupon.code })).body).toMatchObject({
    valid: false,
    reason: 'not_found',
    content: null,
  });
  for (const list of [
    'campaigns',
    'coupons',
    'redemptions',
    'stores',
    'deliveries',
    'suppressions',
    'webhooks',
    'sandbox/messages',
  ]) {
    expect([list, (await ask('GET', `/v1/${list}`)).body.data]).toEqual([list, []]);
    expect([list, (await system.get(`/v1/${list}`)).body.data.length]).not.toEqual([list, 0]);
  }
  expect((await ask('GET', `/v1/coupons?code=${coupon.code}`)).body.data).toEqual([]);
  expect((await ask('POST', '/v1/stores', { id: 'mine', name: 'Theirs' })).status).toBe(201);
  expect((await system.get(`/v1/coupons/${coupon.id}`)).body.status).toBe('issued');
});

it('nothing hostile in a request makes the system fail', async () => {
  const { body: campaign } = await system.post('/v1/campaigns', { name: "Robert'); drop table coupon;--" });
  const texts = [
    "'",
    '"',
    '\\',
    '%',
    '_',
    '${7*7}',
    '{{7*7}}',
    '<script>',
    '\u202e',
    '😀'.repeat(20),
    '=1+1',
    '../..',
    'x'.repeat(99),
    ' ',
    '\n',
  ];
  for (const text of texts) {
    const answers = await Promise.all([
      system.post('/v1/redemptions', { code: text, storeId: text, transactionRef: text }),
      system.post('/v1/validations', { code: text }),
      system.post('/v1/reservations', { code: text }),
      system.post('/v1/coupons', { campaignId: text.slice(0, 48), recipient: { externalId: text } }),
      system.post('/v1/coupons', {
        campaignId: campaign.id,
        recipient: { phone: text.slice(0, 50) },
        channel: 'sms',
      }),
      system.post('/v1/coupons', { campaignId: campaign.id, recipient: { email: text }, channel: 'email' }),
      system.post('/v1/coupons', {
        campaignId: campaign.id,
        recipient: { externalId: text, firstName: text },
        metadata: { [text.slice(0, 100)]: text },
      }),
      system.post('/v1/stores', { name: text }),
      system.post('/v1/suppressions', { channel: 'email', address: text }),
      system.get(`/v1/coupons?code=${encodeURIComponent(text)}&email=${encodeURIComponent(text)}`),
      system.get(`/v1/coupons?phone=${encodeURIComponent(text.slice(0, 50))}`),
      system.get(`/v1/coupons?cursor=${encodeURIComponent(text)}`),
      system.get(`/v1/campaigns?cursor=${encodeURIComponent(text)}`),
      system.get(`/v1/redemptions?cursor=${encodeURIComponent(text)}&code=${encodeURIComponent(text)}`),
      system.get(`/v1/stores?cursor=${encodeURIComponent(text)}`),
      system.get(`/v1/deliveries?cursor=${encodeURIComponent(text)}`),
      system.get(`/v1/suppressions?cursor=${encodeURIComponent(text)}&address=${encodeURIComponent(text)}`),
      system.get(`/v1/sandbox/messages?cursor=${encodeURIComponent(text)}&to=${encodeURIComponent(text)}`),
      system.get(`/v1/campaigns/${campaign.id}/codes?cursor=${encodeURIComponent(text)}`),
    ]);
    expect([text, answers.map(({ status }, i) => [i, status]).filter(([, status]) => status >= 500)]).toEqual(
      [text, []],
    );
  }
});

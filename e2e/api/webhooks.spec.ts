import { startSystem, type System } from './system';

let system: System;
const events = ['order placed'];
const url = 'https://hooks.shop.example/tearoff';

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

it('shows a secret once, whatever is repeated', async () => {
  const key = { 'idempotency-key': 'hook 1' };
  const { status, body: made } = await system.post('/v1/webhooks', { url, events }, key);
  expect([status, made]).toEqual([
    201,
    {
      id: expect.stringMatching(/^whk_/),
      url,
      events,
      status: 'active',
      note: null,
      previousSecretUntil: null,
      createdAt: expect.any(String),
      secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/),
    },
  ]);
  const { secret, ...shown } = made;
  expect((await system.post('/v1/webhooks', { url, events }, key)).body).toEqual(shown);
  expect((await system.get(`/v1/webhooks/${made.id}`)).body).toEqual(shown);
  expect((await system.get('/v1/webhooks')).body).toEqual({ data: [shown], nextCursor: null });
  const rotated = (await system.post(`/v1/webhooks/${made.id}/rotate-secret`)).body;
  expect(rotated.secret).not.toBe(secret);
  expect(Date.parse(rotated.previousSecretUntil)).toBeGreaterThan(Date.now());
});

it('refuses what could never work, and says where', async () => {
  const cases: [object, number, string, string][] = [
    [{ events }, 400, 'request.invalid', '/url'],
    [{ url, events: [] }, 400, 'request.invalid', '/events'],
    [{ url, events: ['coupon redeemed?'] }, 400, 'request.invalid', '/events/0'],
    [{ url, events, secret: 'mine' }, 400, 'request.invalid', '/secret'],
    [{ url, events: ['*', 'coupon.redeemd'] }, 422, 'webhook.unknown_event', '/events/1'],
    [{ url: 'hooks.shop.example', events }, 422, 'webhook.invalid_url', '/url'],
    [{ url: 'http://hooks.shop.example', events }, 422, 'webhook.invalid_url', '/url'],
    [{ url: 'https://127.1', events }, 422, 'webhook.invalid_url', '/url'],
    [{ url: 'https://[::ffff:a9fe:a9fe]/latest', events }, 422, 'webhook.invalid_url', '/url'],
    [{ url: 'https://me:x@shop.example', events }, 422, 'webhook.invalid_url', '/url'],
  ];
  for (const [body, status, code, path] of cases) {
    const answer = await system.post('/v1/webhooks', body);
    expect([body, answer.status, answer.body.code, answer.body.errors?.[0].path]).toEqual([
      body,
      status,
      code,
      path,
    ]);
  }
});

it('an account has fifty at most, also when they are made at once', async () => {
  const { body } = await system.post('/v1/accounts', { name: 'Many' });
  const as = { 'x-client-id': body.apiKey.clientId, 'x-client-secret': body.apiKey.clientSecret };
  const make = () => system.call('POST', '/v1/webhooks', { as, body: { url, events } });
  const answers = await Promise.all(Array.from({ length: 55 }, make));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
  expect(new Set(answers.flatMap(({ status, body: { code } }) => (status === 201 ? [] : [code])))).toEqual(
    new Set(['webhook.too_many']),
  );
});

it('is changed, paused and deleted by keys for marketing alone', async () => {
  const { id } = (await system.post('/v1/webhooks', { url, events })).body;
  const path = `/v1/webhooks/${id}`;
  const patch = (body: object) => system.call('PATCH', path, { body });
  expect((await patch({ status: 'paused' })).body).toMatchObject({ status: 'paused', events });
  expect((await patch({ events: ['coupon.*'] })).body).toMatchObject({
    status: 'paused',
    events: ['coupon.*'],
  });
  expect((await patch({ url: 'https://10.0.0.1' })).status).toBe(422);
  expect(await system.post(`${path}/replay`, { since: '2026-01-01T00:00:00Z' })).toMatchObject({
    status: 409,
    body: { code: 'webhook.paused' },
  });
  expect((await system.post(`${path}/replay`, {})).status).toBe(400);
  expect((await system.get(`${path}/attempts?status=failed`)).body).toEqual({ data: [], nextCursor: null });
  expect((await system.get(`${path}/attempts?cursor=x`)).body.code).toBe('request.invalid_cursor');
  const till = (await system.post('/v1/api-keys', { name: 'till', scopes: ['pos'] })).body;
  const as = { 'x-client-id': till.clientId, 'x-client-secret': till.clientSecret };
  expect((await system.call('DELETE', path, { as })).status).toBe(403);
  expect((await system.call('DELETE', path)).status).toBe(204);
  expect((await system.call('DELETE', path)).body.code).toBe('webhook.not_found');
  expect((await system.get('/v1/webhooks/whk_x')).body.code).toBe('webhook.not_found');
});

import { connect } from 'node:net';
import { CreateCampaign, DomainError, GetCampaign, IssueCoupon, ListCampaigns, RedeemCode } from '@tearoff/contracts';
import { startHarness, type CallOptions, type Harness } from './harness';
import { ids } from './samples';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());
beforeEach(() => harness.others.reset());

const json = { 'content-type': 'application/json' };
const issue = { campaignId: ids.campaign, recipient: { phone: '+447400123456' } };
const deep = (levels: number) => `{"campaignId":"x","recipient":{},"metadata":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;

type Bad = [what: string, method: string, path: string, options: CallOptions, status: number, code: string, path?: string];

const bad: Bad[] = [
  ['an unknown address', 'GET', '/v1/nothing', {}, 404, 'request.not_found'],
  ['an unknown address outside the API', 'GET', '/nothing/at/all', {}, 404, 'request.not_found'],
  ['a route of a later version', 'POST', '/v1/workflows', { body: {} }, 404, 'request.not_found'],
  ['a wrong method', 'DELETE', '/v1/campaigns', {}, 405, 'request.method_not_allowed'],
  ['a wrong method on one object', 'PUT', `/v1/campaigns/${ids.campaign}`, { body: {} }, 405, 'request.method_not_allowed'],
  ['what cannot be an id', 'GET', '/v1/campaigns/nonsense', {}, 404, 'campaign.not_found'],
  ['an id of another kind', 'GET', `/v1/coupons/${ids.campaign}`, {}, 404, 'coupon.not_found'],
  ['an id with a NUL', 'GET', '/v1/jobs/job_0000000000%00', {}, 404, 'job.not_found'],
  ['a badly encoded address', 'GET', '/v1/campaigns/%E0%A4%A', {}, 400, 'request.malformed'],
  ['an over-long id', 'GET', `/v1/campaigns/${'x'.repeat(500)}`, {}, 414, 'request.address_too_long'],
  ['no JSON', 'POST', '/v1/campaigns', { headers: json, raw: '{"name":' }, 400, 'request.malformed'],
  ['no body', 'POST', '/v1/campaigns', { headers: json, raw: '' }, 400, 'request.invalid', '/name'],
  ['no body and no type', 'POST', '/v1/coupons', {}, 400, 'request.invalid'],
  ['an array', 'POST', '/v1/campaigns', { body: [] }, 400, 'request.invalid'],
  ['a number', 'POST', '/v1/coupons', { headers: json, raw: '7' }, 400, 'request.invalid'],
  ['null', 'POST', '/v1/redemptions', { headers: json, raw: 'null' }, 400, 'request.invalid'],
  ['a form', 'POST', '/v1/coupons', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, raw: 'a=b' }, 415, 'request.unsupported_media_type'],
  ['plain text', 'POST', '/v1/campaigns', { headers: { 'content-type': 'text/plain' }, raw: '{}' }, 415, 'request.unsupported_media_type'],
  ['CSV where none is taken', 'POST', '/v1/coupons', { headers: { 'content-type': 'text/csv' }, raw: 'a,b' }, 415, 'request.unsupported_media_type'],
  ['too large a body', 'POST', '/v1/campaigns', { body: { name: 'x'.repeat(1_100_000) } }, 413, 'request.too_large'],
  ['__proto__', 'POST', '/v1/campaigns', { headers: json, raw: '{"name":"x","__proto__":{"a":1}}' }, 400, 'request.malformed'],
  ['a NUL in a text', 'POST', '/v1/campaigns', { body: { name: 'a\0b' } }, 400, 'request.malformed'],
  ['a NUL in a name', 'POST', '/v1/coupons', { body: { ...issue, metadata: { 'a\0': 1 } } }, 400, 'request.malformed'],
  ['half a surrogate pair', 'POST', '/v1/campaigns', { headers: json, raw: '{"name":"\\ud83d"}' }, 400, 'request.malformed'],
  ['40 levels of nesting', 'POST', '/v1/coupons', { headers: json, raw: deep(40) }, 400, 'request.malformed'],
  ['100,000 levels of nesting', 'POST', '/v1/coupons', { headers: json, raw: deep(100_000) }, 400, 'request.malformed'],
  ['100,000 brackets', 'POST', '/v1/campaigns', { headers: json, raw: '['.repeat(100_000) }, 400, 'request.malformed'],
  ['an unknown field', 'POST', '/v1/campaigns', { body: { name: 'x', colour: 'red' } }, 400, 'request.invalid', '/colour'],
  ['an unknown field deep down', 'POST', '/v1/campaigns', { body: { name: 'x', validity: { until: 1 } } }, 400, 'request.invalid', '/validity/until'],
  ['an unknown field in a list', 'POST', '/v1/campaigns', { body: { name: 'x', offers: [{ prize: 1 }] } }, 400, 'request.invalid', '/offers/0/prize'],
  ['an array for an object', 'POST', '/v1/campaigns', { body: { name: 'x', content: [] } }, 400, 'request.invalid', '/content'],
  ['null for an object', 'POST', '/v1/campaigns', { body: { name: 'x', content: null } }, 400, 'request.invalid', '/content'],
  ['a text for a number', 'POST', '/v1/campaigns', { body: { name: 'x', limits: { total: '5' } } }, 400, 'request.invalid', '/limits/total'],
  ['a fraction for an integer', 'POST', '/v1/campaigns', { body: { name: 'x', limits: { total: 1.5 } } }, 400, 'request.invalid', '/limits/total'],
  ['an eighth weekday', 'POST', '/v1/campaigns', { body: { name: 'x', redemption: { weekdays: [8] } } }, 400, 'request.invalid', '/redemption/weekdays'],
  ['a day without a time', 'POST', '/v1/campaigns', { body: { name: 'x', validity: { endsAt: '2027-01-01' } } }, 400, 'request.invalid', '/validity/endsAt'],
  ['an unknown field in a patch', 'PATCH', `/v1/campaigns/${ids.campaign}`, { body: { limits: { all: 1 } } }, 400, 'request.invalid', '/limits/all'],
  ['a coupon without a campaign', 'POST', '/v1/coupons', { body: { recipient: {} } }, 400, 'request.invalid', '/campaignId'],
  ['an unknown field of a coupon', 'POST', '/v1/coupons', { body: { ...issue, colour: 1 } }, 400, 'request.invalid', '/colour'],
  ['an unknown field of a recipient', 'POST', '/v1/coupons', { body: { ...issue, recipient: { fax: '1' } } }, 400, 'request.invalid', '/recipient/fax'],
  ['an unknown channel', 'POST', '/v1/coupons', { body: { ...issue, channel: 'fax' } }, 400, 'request.invalid', '/channel'],
  ['a numeric code', 'POST', '/v1/validations', { body: { code: 5 } }, 400, 'request.invalid', '/code'],
  ['an empty code', 'POST', '/v1/redemptions', { body: { code: '' } }, 400, 'request.invalid', '/code'],
  ['neither code nor reservation', 'POST', '/v1/redemptions', { body: { storeId: 'a' } }, 400, 'request.invalid', '/code'],
  ['a negative basket', 'POST', '/v1/validations', { body: { code: 'A', basket: { total: -1 } } }, 400, 'request.invalid', '/basket/total'],
  ['an unknown field of a basket item', 'POST', '/v1/redemptions', { body: { code: 'A', basket: { items: [{ x: 1 }] } } }, 400, 'request.invalid', '/basket/items/0/x'],
  ['a reservation for ever', 'POST', '/v1/reservations', { body: { code: 'A', ttlSeconds: 1e9 } }, 400, 'request.invalid', '/ttlSeconds'],
  ['a store id with a slash', 'POST', '/v1/stores', { body: { id: 'a/b', name: 'x' } }, 400, 'request.invalid', '/id'],
  ['a suppression of nothing', 'POST', '/v1/suppressions', { body: {} }, 400, 'request.invalid', '/channel'],
  ['a suppression removed without its address', 'DELETE', '/v1/suppressions?channel=sms', {}, 400, 'request.invalid', '/address'],
  ['no codes', 'POST', `/v1/campaigns/${ids.campaign}/codes`, { body: { count: 0 } }, 400, 'request.invalid', '/count'],
  ['a scope nobody knows', 'POST', '/v1/api-keys', { body: { name: 'x', scopes: ['root'] } }, 400, 'request.invalid', '/scopes'],
  ['an unknown query parameter', 'GET', '/v1/coupons?campagnId=x', {}, 400, 'request.invalid', '/campagnId'],
  ['a repeated query parameter', 'GET', '/v1/coupons?code=a&code=b', {}, 400, 'request.invalid', '/code'],
  ['a page of no size', 'GET', '/v1/campaigns?limit=0', {}, 400, 'request.invalid', '/limit'],
  ['a page of a word', 'GET', '/v1/redemptions?limit=many', {}, 400, 'request.invalid', '/limit'],
  ['a NUL in the query', 'GET', '/v1/coupons?email=%00', {}, 400, 'request.invalid'],
  ['a status nobody knows', 'GET', '/v1/deliveries?status=lost', {}, 400, 'request.invalid', '/status'],
  ['an over-long Idempotency-Key', 'POST', '/v1/campaigns', { body: { name: 'x' }, headers: { 'idempotency-key': 'k'.repeat(256) } }, 400, 'request.invalid'],
];

describe('what is wrong with a request', () => {
  it.each(bad)('%s', async (_, method, path, options, status, code, fault) => {
    const answer = await harness.call(method, path, options);
    expect(answer).toMatchObject({ status, body: { status, code, type: `urn:tearoff:problem:${code}` } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(typeof answer.body.title).toBe('string');
    expect(typeof answer.body.detail).toBe('string');
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|\.js:|at Object|FST_|ERR_/);
    if (fault !== undefined) expect(answer.body.errors.map((each: { path: string }) => each.path)).toContain(fault);
    expect(harness.others.asked).toEqual([]);
  });

  it('names what a wrong method could have been', async () => {
    const { headers } = await harness.call('DELETE', '/v1/campaigns');
    expect(headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it('is told even of what is no HTTP', async () => {
    const { port } = new URL(harness.gateway.url);
    const said = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(port), 'localhost', () => socket.write('NONSENSE\r\n\r\n'));
      socket.on('data', (chunk) => (text += String(chunk))).on('close', () => resolve(text));
    });
    expect(said).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(JSON.parse(said.split('\r\n\r\n')[1]!)).toMatchObject({ status: 400, code: 'request.malformed' });
  });
});

describe('what a service answers', () => {
  it.each([
    ['invalid', 'campaign.invalid', 422],
    ['not_found', 'campaign.not_found', 404],
    ['conflict', 'campaign.in_use', 409],
    ['forbidden', 'campaign.forbidden', 403],
    ['unavailable', 'service.unavailable', 503],
    ['internal', 'internal', 500],
  ] as const)('%s becomes a problem', async (kind, code, status) => {
    harness.others.on(GetCampaign, () => new DomainError(code, kind, 'So it is.', { errors: [{ path: '/a', message: 'b' }] }));
    const answer = await harness.call('GET', `/v1/campaigns/${ids.campaign}`);
    expect(answer).toMatchObject({ status, body: { code, status } });
    if (status === 500) expect(answer.body.detail).not.toMatch(/So it is/);
    else expect(answer.body).toMatchObject({ detail: 'So it is.', errors: [{ path: '/a', message: 'b' }] });
    if (status === 503) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('a contract that finds fault with what the DTO let pass names the caller\'s own field', async () => {
    const errors = [{ path: '/campaign/content/color', message: 'is not a colour' }];
    harness.others.on(CreateCampaign, () => new DomainError('command.invalid', 'invalid', 'x', { errors }));
    const answer = await harness.call('POST', '/v1/campaigns', { body: { name: 'x' } });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', errors: [{ path: '/content/color', message: 'is not a colour' }] },
    });
  });

  it('nothing, when nobody is there, is 503', async () => {
    const answer = await harness.call('GET', '/v1/stores');
    expect(answer).toMatchObject({ status: 503, body: { code: 'service.unavailable' } });
  });

  it('a refused redemption says when and where', async () => {
    const redeemedAt = '2027-05-04T10:00:00.000Z';
    harness.others.on(RedeemCode, () => ({ outcome: 'refused', reason: 'already_redeemed', redeemedAt, storeId: 'a' }));
    expect(await harness.call('POST', '/v1/redemptions', { body: { code: 'A' } })).toMatchObject({
      status: 409,
      body: { code: 'coupon.already_redeemed', redeemedAt, storeId: 'a' },
    });
    harness.others.on(RedeemCode, () => ({ outcome: 'refused', reason: 'not_found', redeemedAt: null, storeId: null }));
    const unknown = await harness.call('POST', '/v1/redemptions', { body: { code: 'A' } });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'coupon.not_found' } });
    expect(unknown.body).not.toHaveProperty('redeemedAt');
  });

  it.each([
    ['campaign.not_found', 404],
    ['campaign.exhausted', 409],
    ['recipient.limit_reached', 409],
    ['recipient.invalid_phone', 422],
    ['recipient.no_address', 422],
  ] as const)('a coupon refused with %s is %i', async (reason, status) => {
    harness.others.on(IssueCoupon, () => ({ outcome: 'refused', reason, message: 'No.' }));
    expect(await harness.call('POST', '/v1/coupons', { body: issue })).toMatchObject({
      status,
      body: { code: reason, detail: 'No.' },
    });
  });
});

describe('a request', () => {
  beforeEach(() => harness.others.on(ListCampaigns, () => ({ data: [], nextCursor: null })));

  it('carries its id and trace to the services, and gives the id back', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { 'x-request-id': 'order-77', traceparent };
    const answer = await harness.call('GET', '/v1/campaigns', { headers });
    expect(answer.headers.get('x-request-id')).toBe('order-77');
    expect(harness.others.asked.at(-1)!.context).toEqual({ correlationId: 'order-77', traceparent });
    const missing = await harness.call('GET', '/v1/nothing', { headers });
    expect(missing.body.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it('without them is given its own', async () => {
    const headers = { 'x-request-id': 'has spaces in it', traceparent: 'nonsense' };
    const answer = await harness.call('GET', '/v1/campaigns', { headers });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(harness.others.asked.at(-1)!.context!.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('is answered with headers that keep a browser from doing anything with it', async () => {
    const { headers } = await harness.call('GET', '/v1/campaigns');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

describe('health', () => {
  it('needs no credentials', async () => {
    expect(await harness.call('GET', '/health/live', { as: null })).toMatchObject({ status: 200 });
    expect(await harness.call('GET', '/health/ready', { as: null })).toMatchObject({
      status: 200,
      body: { status: 'ok', checks: { database: 'ok', messaging: 'ok' } },
    });
  });

  it('has durations by route template among its metrics, never by address', async () => {
    await harness.call('GET', `/v1/campaigns/${ids.campaign}`);
    await harness.call('GET', '/v1/secret-address-of-nobody');
    const { body } = await harness.call('GET', '/metrics', { as: null });
    expect(body).toMatch(/tearoff_http_request_duration_seconds_count\{method="GET",route="\/v1\/campaigns\/:id"/);
    expect(body).not.toContain(ids.campaign);
    expect(body).not.toContain('secret-address');
  });
});

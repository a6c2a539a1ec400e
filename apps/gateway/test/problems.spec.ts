import { connect } from 'node:net';
import {
  CreateCampaign,
  DomainError,
  GetCampaign,
  IssueCoupon,
  ListCampaigns,
  RedeemCode,
  UpdateCampaign,
} from '@tearoff/contracts';
import { badRequests } from './bad-requests';
import { expectDocumented } from './documented';
import { startHarness, type Harness } from './harness';
import { ids } from './samples';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());
beforeEach(() => harness.others.reset());

const issue = { campaignId: ids.campaign, recipient: { phone: '+447400123456' } };

describe('what is wrong with a request', () => {
  it.each(badRequests)('%s', async (...row) => {
    const [, method, path, options, status, code, fault] = row;
    const answer = await harness.call(method, path, options);
    expect(answer).toMatchObject({ status, body: { status, code, type: `urn:tearoff:problem:${code}` } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(typeof answer.body.title).toBe('string');
    expect(typeof answer.body.detail).toBe('string');
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|\.js:|at Object|FST_|ERR_/);
    if (fault !== undefined)
      expect(answer.body.errors.map((each: { path: string }) => each.path)).toContain(fault);
    expect(harness.others.asked).toEqual([]);
  });

  it.each([
    ['a name that is missing', '/v1/campaigns', {}, { path: '/name', message: 'is required' }],
    [
      'a text for a number',
      `/v1/campaigns/${ids.campaign}/codes`,
      { count: '5' },
      { path: '/count', message: 'must be an integer number' },
    ],
  ])('says of %s one thing', async (_, path, body, fault) => {
    expect((await harness.call('POST', path, { body })).body.errors).toEqual([fault]);
  });

  it('is documented for its route: an answer that is not fails the test that sees it', async () => {
    const path = '/v1/coupons';
    const isDocumented = (status: number, code: string) =>
      expectDocumented(harness.gateway.url, 'POST', path, { status, code });
    for (const [status, code] of [
      [400, 'request.invalid'],
      [403, 'auth.scope'],
      [409, 'campaign.exhausted'],
      [409, 'idempotency.in_progress'],
      [415, 'request.unsupported_media_type'],
      [422, 'idempotency.key_reused'],
      [429, 'rate.limited'],
      [503, 'campaign.busy'],
      [503, 'service.unavailable'],
    ] as const)
      await isDocumented(status, code);
    await expect(isDocumented(409, 'coupon.eaten')).rejects.toThrow(
      'POST /v1/coupons answers 409 `coupon.eaten`',
    );
    await expect(isDocumented(404, 'campaign.exhausted')).rejects.toThrow('does not say');
  });

  it('in the query is not said of a body', async () => {
    const { body } = await harness.call('GET', '/v1/coupons?email=%00');
    expect(JSON.stringify(body)).not.toMatch(/body/);
  });

  it('is not that a patch calls itself a merge patch', async () => {
    harness.others.on(UpdateCampaign, () => new DomainError('campaign.in_use', 'conflict', 'Asked.'));
    const headers = { 'content-type': 'application/merge-patch+json; charset=utf-8' };
    const raw = JSON.stringify({ name: 'y', claim: { origins: ['https://shop.example:8443'] } });
    const answer = await harness.call('PATCH', `/v1/campaigns/${ids.campaign}`, { headers, raw });
    expect(answer.body.code).toBe('campaign.in_use');
    expect(harness.others.askedFor(UpdateCampaign)[0].patch).toEqual(JSON.parse(raw));
  });

  it('is not that a body says it is encoded as it is', async () => {
    const headers = { 'content-encoding': 'identity' };
    expect(await harness.call('POST', '/v1/campaigns', { headers, body: { name: 'x' } })).toMatchObject({
      status: 503,
    });
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
    expect(JSON.parse(said.split('\r\n\r\n')[1])).toMatchObject({ status: 400, code: 'request.malformed' });
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
    harness.others.on(
      GetCampaign,
      () => new DomainError(code, kind, 'So it is.', { errors: [{ path: '/a', message: 'b' }] }),
    );
    const answer = await harness.call('GET', `/v1/campaigns/${ids.campaign}`, { invented: true });
    expect(answer).toMatchObject({ status, body: { code, status } });
    if (status === 500) expect(answer.body.detail).not.toMatch(/So it is/);
    else expect(answer.body).toMatchObject({ detail: 'So it is.', errors: [{ path: '/a', message: 'b' }] });
    if (status === 503) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it("a contract that finds fault with what the DTO let pass names the caller's own field", async () => {
    const errors = [{ path: '/campaign/content/color', message: 'is not a colour' }];
    harness.others.on(CreateCampaign, () => new DomainError('command.invalid', 'invalid', 'x', { errors }));
    const answer = await harness.call('POST', '/v1/campaigns', { body: { name: 'x' } });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', errors: [{ path: '/content/color', message: 'is not a colour' }] },
    });
  });

  it('nothing, when no one is there, is 503', async () => {
    const answer = await harness.call('GET', '/v1/stores');
    expect(answer).toMatchObject({ status: 503, body: { code: 'service.unavailable' } });
  });

  it('a refused redemption says when and where', async () => {
    const redeemedAt = '2027-05-04T10:00:00.000Z';
    harness.others.on(RedeemCode, () => ({
      outcome: 'refused' as const,
      reason: 'already_redeemed' as const,
      redeemedAt,
      storeId: 'a',
    }));
    expect(await harness.call('POST', '/v1/redemptions', { body: { code: 'A' } })).toMatchObject({
      status: 409,
      body: { code: 'coupon.already_redeemed', redeemedAt, storeId: 'a' },
    });
    harness.others.on(RedeemCode, () => ({
      outcome: 'refused' as const,
      reason: 'not_found' as const,
      redeemedAt: null,
      storeId: null,
    }));
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
    harness.others.on(IssueCoupon, () => ({ outcome: 'refused' as const, reason, message: 'No.' }));
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
    expect(body).toMatch(
      /tearoff_http_request_duration_seconds_count\{method="GET",route="\/v1\/campaigns\/:id"/,
    );
    expect(body).not.toContain(ids.campaign);
    expect(body).not.toContain('secret-address');
  });
});

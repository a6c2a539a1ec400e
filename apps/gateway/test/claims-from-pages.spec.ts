import { hash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { admin, ClaimsWorld, origin } from './claims.world';

let world: ClaimsWorld;
beforeAll(async () => {
  world = await ClaimsWorld.start();
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.sent.length = 0;
});

describe('a public key', () => {
  it.each([
    ['another page', { origin: 'https://evil.example' }],
    ['no page', { origin: '' }],
    ['a page of null origin', { origin: 'null' }],
    ['a page whose name begins alike', { origin: `${origin}.evil.example` }],
  ])('does not work from %s, and that page may not read why', async (_, headers) => {
    const answer = await world.claim(world.campaign(), {}, { headers });
    expect(answer).toMatchObject({ status: 403, body: { code: 'auth.origin' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('opens nothing else, is no key at all elsewhere, and has no other scope', async () => {
    const { harness, key } = world;
    expect((await harness.call('GET', '/v1/campaigns', { as: key })).body.code).toBe('auth.invalid');
    const both = { name: 'x', scopes: ['public', 'pos'] };
    expect(await harness.call('POST', '/v1/api-keys', { body: both })).toMatchObject({
      status: 422,
      body: { code: 'api_key.invalid' },
    });
    const marketing = await harness.keyFor('marketing');
    const named = { 'x-client-id': marketing['x-client-id'] };
    expect((await world.claim(world.campaign(), {}, { as: named })).body.code).toBe('auth.invalid');
  });

  it('is asked for by no preflight, which is answered for claims alone', async () => {
    const ask = (path: string) =>
      world.harness.call('OPTIONS', path, {
        as: null,
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-client-id',
        },
      });
    const answer = await ask('/v1/claims');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-headers')).toContain('x-client-id');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    for (const path of ['/v1/coupons', '/v1/claims/../coupons', '/v1/claimsx'])
      expect((await ask(path)).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets a page read what it did wrong', async () => {
    const answer = await world.claim(world.campaign(), { recipient: { phone: '1' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it("is not needed by an account's own server", async () => {
    const campaign = world.campaign({ origins: [] });
    expect((await world.claim(campaign, {}, { as: admin, headers: { origin: '' } })).status).toBe(202);
    await world.settled();
    expect(world.sent).toHaveLength(1);
  });
});

describe('the form', () => {
  it('tells a page what to show and ask, in the language of its reader', async () => {
    const campaign = world.campaign({
      countries: ['DE', 'AT'],
      country: 'DE',
      consent: 'Ja?',
      proofOfWork: true,
    });
    const { body } = await world.form(campaign, { 'accept-language': 'de-AT,en;q=0.5' });
    expect(body).toMatchObject({
      open: true,
      lang: 'de',
      title: 'Any coffee and a cinnamon bun',
      channel: 'sms',
      consent: 'Ja?',
      countries: [
        { code: 'DE', callingCode: '+49', name: 'Deutschland' },
        { code: 'AT', callingCode: '+43', name: 'Österreich' },
      ],
      texts: { get: 'Gutschein anfordern' },
      proof: { bits: 16 },
    });
    expect(JSON.stringify(body)).not.toContain(campaign.name);
  });

  it('says why it is closed', async () => {
    expect((await world.form(world.campaign({}, { status: 'paused' }))).body).toMatchObject({
      open: false,
      code: 'campaign.not_active',
      headline: 'Taking a break',
    });
  });
});

describe('the widget', () => {
  it('is one small script for any page, kept by browsers until it changes', async () => {
    const { headers, body } = await world.harness.call('GET', '/widget.js', { as: null });
    expect(Buffer.byteLength(body as string)).toBeLessThan(10_000);
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('cache-control')).toMatch(/public, max-age=\d{5}/);
    const etag = headers.get('etag')!;
    expect(
      (await world.harness.call('GET', '/widget.js', { as: null, headers: { 'if-none-match': etag } }))
        .status,
    ).toBe(304);
  });

  it('reckons SHA-256 as everyone does', async () => {
    const { body } = await world.harness.call('GET', '/widget.js', { as: null });
    const proof = (body as string).slice(
      (body as string).indexOf('const roundConstants'),
      (body as string).indexOf('const me ='),
    );
    const head = runInNewContext(`${proof}; digestHead`) as (text: string) => number;
    for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 200]) {
      const text = 'x'.repeat(length);
      expect(head(text)).toBe(hash('sha256', text, 'buffer').readUInt32BE(0));
    }
  });
});

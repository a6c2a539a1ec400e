import { everyState, issuedState, known, redeemedState } from '../../apps/gateway/src/pages/test/fixtures';
import { scan } from '../wallets/scanner';
import { startPages, type PagesApp } from './pages-app';

describe('the pages over HTTP', () => {
  let app: PagesApp;
  beforeAll(async () => {
    app = await startPages();
  });
  afterAll(() => app.close());
  beforeEach(() => app.services.away.clear());

  const face = (token: string, init?: RequestInit) => fetch(`${app.url}/c/${token}`, init);

  it('are kept by no one, indexed by no one, and tell no one their address', async () => {
    const answer = await face(app.services.put(known()));
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store, private',
      'x-robots-tag': 'noindex, nofollow',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const policy = answer.headers.get('content-security-policy')!;
    expect(policy).toMatch(
      /^default-src 'none'; img-src 'self'; style-src 'nonce-[^']+'; script-src 'nonce-[^']+'/,
    );
    expect(await answer.text()).toContain('<meta name="robots" content="noindex, nofollow"');
  });

  it('have another nonce each time', async () => {
    const token = app.services.put(known());
    const [a, b] = await Promise.all([face(token), face(token)]);
    expect(a.headers.get('content-security-policy')).not.toBe(b.headers.get('content-security-policy'));
  });

  it.each(['unknownunknownunknown', 'a', '..%2f..%2fetc', '%00', 'x'.repeat(64), '%F0%9F%92%B8'])(
    'say the same 404 to anyone who guesses: %s',
    async (token) => {
      const answer = await face(token);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('text/html');
      const nameless = (text: string) => text.replace(/nonce="[^"]+"/g, '');
      expect(nameless(await answer.text())).toBe(
        nameless(await (await face('anotheranotheranother')).text()),
      );
    },
  );

  it('say that they are away when issuance is, in a page', async () => {
    const token = app.services.put(known());
    app.services.away.add('issuance');
    const answer = await face(token);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('10');
    expect(await answer.text()).toContain('Try again');
  });

  it("go by issuance's projection while redemption is away", async () => {
    app.services.away.add('redemption');
    expect(await (await face(app.services.put(known()))).text()).toContain('data-state="valid"');
    const spent = known({}, { status: 'redeemed', redeemedAt: '2025-11-21T12:05:00.000Z' });
    const html = await (await face(app.services.put(spent))).text();
    expect(html).toContain('data-state="redeemed"');
    expect(html).not.toContain('K7PQ');
  });

  it('ask and change nothing, anyone who looks: GET and HEAD, a person and a link scanner', async () => {
    const token = app.services.put(known());
    app.services.asked.length = 0;
    for (const path of ['', '/barcode.svg', '/barcode.png', '/events'])
      for (const method of path === '/events' ? ['HEAD'] : ['GET', 'HEAD']) {
        const answer = await face(token + path, {
          method,
          headers: { 'user-agent': 'facebookexternalhit/1.1' },
        });
        expect([path, method, answer.status]).toEqual([path, method, 200]);
        const body = await answer.arrayBuffer();
        expect(body.byteLength > 0).toBe(method === 'GET');
      }
    expect(new Set(app.services.asked)).toEqual(new Set(['issuance.coupon.page', 'redemption.state']));
  });

  it('give the barcode alone while the coupon is valid, and nothing of it otherwise', async () => {
    for (const [state, { known: coupon, owner }] of Object.entries(everyState())) {
      const token = app.services.put(coupon, owner);
      for (const [path, type] of [
        ['/barcode.svg', 'image/svg+xml'],
        ['/barcode.png', 'image/png'],
      ]) {
        const answer = await face(token + path);
        expect([state, path, answer.status]).toEqual([state, path, state === 'valid' ? 200 : 410]);
        expect(answer.headers.get('cache-control')).toBe('no-store, private');
        expect(answer.headers.get('x-robots-tag')).toBe('noindex, nofollow');
        if (state === 'valid') expect(answer.headers.get('content-type')).toContain(type);
        else expect(await answer.text()).toBe('');
        if (state === 'valid' && path === '/barcode.png')
          expect((await scan(Buffer.from(await answer.arrayBuffer()))).text).toBe(coupon.coupon.code);
      }
    }
    expect((await face('unknownunknownunknown/barcode.svg')).status).toBe(404);
  });

  it('show an edit of the campaign at once', async () => {
    const coupon = known();
    const token = app.services.put(coupon, issuedState);
    app.services.put({
      ...coupon,
      campaign: { ...coupon.campaign, version: 2, content: { title: 'Now two coffees' } },
    });
    expect(await (await face(token)).text()).toContain('Now two coffees');
  });

  it('speak the language that is asked for in the address, then theirs, then the browser’s', async () => {
    const coupon = known({}, { recipient: { languageCode: 'uk' } });
    const token = app.services.put(coupon, redeemedState());
    const lang = async (query: string) =>
      /<html lang="(\w+)"/.exec(
        await (await face(token + query, { headers: { 'accept-language': 'fr' } })).text(),
      )![1];
    expect(await lang('')).toBe('uk');
    expect(await lang('?lang=nl')).toBe('nl');
    expect(await lang('?lang=nl&lang=de')).toBe('uk');
    app.services.put(known(), redeemedState());
    expect(await lang('')).toBe('fr');
  });

  it('begin with a page that says what this is', async () => {
    const html = await (await fetch(`${app.url}/`)).text();
    for (const href of ['/docs', '/sandbox', '/health/ready', 'https://source.example/'])
      expect(html).toContain(`href="${href}"`);
    expect(html).toContain('curl https://coupons.example/v1/campaigns');
    const icon = await fetch(`${app.url}/favicon.svg`);
    expect(icon.headers.get('content-type')).toContain('image/svg+xml');
  });
});

import { newId, type SandboxMessage } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { knownCard } from '../../apps/gateway/src/pages/test/card.fixtures';
import { known } from '../../apps/gateway/src/pages/test/fixtures';
import { accepting, onTheWire } from '../../apps/gateway/test/wire';
import { openStream } from './event-stream';
import { startPages, type PagesApp } from './pages-app';

const message: SandboxMessage = {
  id: newId('delivery'),
  deliveryId: null,
  channel: 'sms',
  to: '+447400123456',
  from: 'Tearoff',
  subject: null,
  text: 'One coffee on us: https://coupons.example/c/a-secret-token',
  html: null,
  headers: {},
  at: '2027-01-01T10:00:00.000Z',
};

describe('a page on its way to a browser', () => {
  let app: PagesApp;
  const paths: Record<string, string> = {};
  beforeAll(async () => {
    app = await startPages({ pollMs: 3_600_000, heartbeatMs: 50 });
    app.services.links.set('some-link', false);
    Object.assign(paths, {
      coupon: `/c/${app.services.put(known())}`,
      card: `/l/${app.services.putCard(knownCard())}`,
      unsubscribe: '/u/some-link',
      landing: '/',
      'unknown coupon': '/c/unknownunknownunknown',
    });
  });
  afterAll(() => app.close());
  const get = (path: string, headers?: Record<string, string>, method?: string) =>
    onTheWire(app.url + path, headers, method);

  it.each(['coupon', 'card', 'unsubscribe', 'landing', 'unknown coupon'])(
    'is compressed: %s',
    async (page) => {
      const plain = await get(paths[page], accepting('identity'));
      expect(plain.headers).not.toHaveProperty('content-encoding');
      expect(plain.headers.vary).toBe('accept-encoding');
      for (const encoding of ['br', 'gzip']) {
        const answer = await get(paths[page], accepting(encoding));
        expect(answer.status).toBe(plain.status);
        expect(answer.headers).toMatchObject({
          'content-encoding': encoding,
          vary: 'accept-encoding',
          'cache-control': plain.headers['cache-control'],
        });
        expect(answer.bytes.length * 1.8).toBeLessThan(plain.bytes.length);
        expect(withoutNonce(answer.text)).toBe(withoutNonce(plain.text));
      }
    },
  );

  it('is not compressed where its length would give a secret away: the inbox, which shows what it is asked', async () => {
    app.services.messages = Array.from({ length: 50 }, () => message);
    const answer = await get('/sandbox?to=%2B447400123456', accepting('br, gzip'));
    expect(answer.text).toContain('a-secret-token');
    expect(answer.headers).not.toHaveProperty('content-encoding');
  });

  it('is not compressed where it answers a POST', async () => {
    const answer = await get('/u/some-link', accepting('br, gzip'), 'POST');
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('content-encoding');
  });

  it('has its picture in vectors compressed, and not the one that is compressed already', async () => {
    const svg = await get(`${paths.coupon}/barcode.svg`, accepting('br'));
    expect([svg.headers['content-encoding'], svg.headers['content-type']]).toEqual(['br', 'image/svg+xml']);
    expect(svg.text).toContain('<svg');
    const png = await get(`${paths.coupon}/barcode.png`, accepting('br'));
    expect(png.headers).not.toHaveProperty('content-encoding');
    expect(png.headers['content-length']).toBe(String(png.bytes.length));
  });

  it('is kept true by events that come one by one, as they are', async () => {
    const stream = await openStream(`${app.url}${paths.coupon}/events`, accepting('br, gzip'));
    expect(stream.headers).not.toHaveProperty('content-encoding');
    expect(stream.headers).not.toHaveProperty('vary');
    // Shorter than any buffer of a compressor, and there before the stream ends.
    await eventually(() => expect(stream.states()).toEqual(['valid']));
    stream.close();
  });
});

const withoutNonce = (text: string): string => text.replace(/nonce="[^"]+"/g, '');

import { randomBytes } from 'node:crypto';
import { GetFunnel, ListCodes, unavailable } from '@tearoff/contracts';
import fastify from 'fastify';
import { compressedRoutes, registerCompression } from '../src/http/server/compression';
import { admin, startHarness, type Harness } from './harness';
import { ids } from './samples';
import { accepting, onTheWire, type WireAnswer } from './wire';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());
beforeEach(() => harness.others.reset());

const get = (path: string, headers: Record<string, string> = {}, method?: string): Promise<WireAnswer> =>
  onTheWire(harness.gateway.url + path, headers, method);
const codesPath = `/v1/campaigns/${ids.campaign}/codes`;
const code = (index: number) => ({ code: `SPRING-${index}`, couponId: null, validTo: null });
const hardCode = () => ({ code: randomBytes(20).toString('base64url'), couponId: null, validTo: null });
const asCsv = { ...admin, accept: 'text/csv' };

describe('an answer that is the same for everyone', () => {
  it.each([
    ['/openapi.json', 8],
    ['/asyncapi.json', 8],
    ['/widget.js', 2],
    ['/docs/assets/swagger-ui.css', 4],
    ['/docs/assets/swagger-ui-bundle.js', 3],
    ['/', 2],
    ['/metrics', 3],
  ])('%s is compressed at least %d times', async (path, times) => {
    const plain = await get(path);
    expect(plain.headers).not.toHaveProperty('content-encoding');
    for (const encoding of ['br', 'gzip']) {
      const answer = await get(path, accepting(encoding));
      expect([answer.status, answer.headers['content-encoding']]).toEqual([200, encoding]);
      expect(answer.headers['content-type']).toBe(plain.headers['content-type']);
      expect(answer.bytes.length * times).toBeLessThan(plain.bytes.length);
      if (path !== '/metrics') expect(withoutNonce(answer.text)).toBe(withoutNonce(plain.text));
      const length = answer.headers['content-length'] ?? answer.bytes.length;
      expect(Number(length)).toBe(answer.bytes.length);
    }
  });

  it.each([
    [undefined, undefined],
    ['identity', undefined],
    ['identity, br;q=0.5', undefined],
    ['*', 'br'],
    ['br;q=0, gzip;q=0', undefined],
    ['deflate', undefined],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1, br;q=0', 'gzip'],
    ['x-unknown, gzip', 'gzip'],
  ])('is sent to a client that accepts %j as %j', async (accepted, encoding) => {
    const answer = await get('/widget.js', accepting(accepted));
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers.vary).toBe('accept-encoding');
    expect(answer.text).toContain('"use strict"');
  });

  it('is as it was where it is short', async () => {
    const { headers, bytes } = await get('/docs', accepting('br'));
    expect(headers).toMatchObject({ vary: 'accept-encoding', 'content-length': String(bytes.length) });
    expect(headers).not.toHaveProperty('content-encoding');
  });

  it.each(['/widget.js', '/docs/assets/swagger-ui.css'])('%s has not changed: 304', async (path) => {
    for (const encoding of [undefined, 'br', 'gzip']) {
      const { headers } = await get(path, accepting(encoding));
      // Not the same bytes under the same strong ETag (RFC 9110, section 8.8.1).
      expect(headers.etag).toMatch(/^W\/"/);
      const again = await get(path, { ...accepting(encoding), 'if-none-match': headers.etag! });
      expect([again.status, again.bytes.length, again.headers.vary]).toEqual([304, 0, 'accept-encoding']);
      expect(again.headers.etag).toBe(headers.etag);
      expect(again.headers).not.toHaveProperty('content-encoding');
    }
  });

  it.each(['/widget.js', '/openapi.json', '/docs/assets/swagger-ui.css'])(
    'HEAD of %s says no length that a GET would not have',
    async (path) => {
      for (const encoding of ['identity', 'br', 'gzip']) {
        const answer = await get(path, accepting(encoding));
        const head = await get(path, accepting(encoding), 'HEAD');
        expect([head.status, head.bytes.length]).toEqual([200, 0]);
        for (const name of ['content-length', 'content-encoding', 'content-type', 'etag', 'vary'])
          expect([name, head.headers[name]]).toEqual([name, answer.headers[name]]);
      }
    },
  );

  it('is not given in parts of which it is unclear what they are parts of', async () => {
    const headers = { ...accepting('br'), range: 'bytes=10-20' };
    const answer = await get('/docs/assets/swagger-ui.css', headers);
    expect([answer.status, answer.headers['accept-ranges']]).toEqual([200, undefined]);
  });
});

describe('a CSV file', () => {
  it('is compressed while it is made', async () => {
    harness.others.on(ListCodes, ({ cursor }) =>
      cursor
        ? { data: [code(-1)], nextCursor: null }
        : { data: Array.from({ length: 500 }, (_, i) => code(i)), nextCursor: 'x' },
    );
    const plain = await get(codesPath, asCsv);
    const answer = await get(codesPath, { ...asCsv, ...accepting('gzip') });
    expect(answer.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': plain.headers['content-disposition'],
      'cache-control': 'no-store',
    });
    expect(answer.text).toBe(plain.text);
    expect(answer.bytes.length * 2).toBeLessThan(plain.bytes.length);
  });

  it('breaks off where it cannot be completed, and is an error where nothing of it was sent', async () => {
    const failsAfter = (pages: number, size: number) =>
      harness.others.on(ListCodes, ({ cursor = '0' }) =>
        Number(cursor) >= pages
          ? unavailable('service.unavailable', 'away')
          : { data: Array.from({ length: size }, hardCode), nextCursor: String(Number(cursor) + 1) },
      );
    for (const encoding of ['identity', 'br', 'gzip']) {
      failsAfter(100, 1_000);
      await expect(get(codesPath, { ...asCsv, ...accepting(encoding) })).rejects.toThrow(/aborted|hang up/);
      if (encoding === 'identity') continue;
      failsAfter(1, 1);
      const { status, headers, text } = await get(codesPath, { ...asCsv, ...accepting(encoding) });
      expect([status, JSON.parse(text).code]).toEqual([503, 'service.unavailable']);
      expect(headers).not.toHaveProperty('content-encoding');
    }
  });

  it('is not what JSON on the same route is', async () => {
    const data = Array.from({ length: 100 }, (_, i) => code(i));
    harness.others.on(ListCodes, () => ({ data, nextCursor: null }));
    const { headers, text } = await get(codesPath, { ...admin, ...accepting('br') });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(JSON.parse(text)).toEqual({ data, nextCursor: null });
  });
});

describe('the list of compressed routes', () => {
  it('names routes that there are', async () => {
    harness.others.on(GetFunnel, () => unavailable('service.unavailable', 'away'));
    const strange: string[] = [];
    for (const route of Object.keys(compressedRoutes)) {
      const path = route
        .replace('campaigns/:id', `campaigns/${ids.campaign}`)
        .replace('jobs/:id', 'jobs/job_01jzexample0job00000000000')
        .replace('*', 'swagger-ui.css')
        .replace(/:\w+/, 'unknownunknownunknown');
      const { headers } = await get(path, { ...admin, ...accepting('br') });
      if (headers.vary !== 'accept-encoding') strange.push(route);
    }
    expect(strange).toEqual([]);
  });

  it.each([
    ['POST', '/v1/coupons'],
    ['POST', '/v1/redemptions'],
    ['GET', '/c/:token/events'],
    ['POST', '/o/:campaign'],
    ['GET', '/sandbox'],
    ['GET', '/v1/coupons'],
  ])('leaves %s %s without a hook', async (method, url) => {
    const server = fastify({ exposeHeadRoutes: false });
    registerCompression(server);
    const before: unknown[] = [];
    server.addHook('onRoute', ({ onRequest, preParsing, preHandler, onSend }) => {
      before.push(onRequest, preParsing, preHandler, onSend);
    });
    server.route({ method, url, handler: () => ({}) });
    expect(before).toEqual([undefined, undefined, undefined, undefined]);
    await server.close();
  });
});

const withoutNonce = (text: string): string => text.replace(/nonce="[^"]+"/g, '');

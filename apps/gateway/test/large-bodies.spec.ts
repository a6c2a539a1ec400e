import { startHarness, type Harness } from './harness';
import { growth, linear } from './cost';
import { ids } from './samples';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const headers = { 'content-type': 'application/json' };
const members = (count: number): string =>
  `{${Array.from({ length: count }, (_, index) => `"m${index}":1`).join()}}`;

/** Ids that pass for those of each kind, by the noun before them. */
const idsIn: Record<string, string> = {
  campaigns: ids.campaign,
  coupons: ids.coupon,
  redemptions: ids.redemption,
  templates: 'tpl_01jzexample0template000000',
  workflows: 'wfl_01jzexample0workflow000000',
  cards: 'crd_01jzexample0card0000000000',
  members: 'mem_01jzexample0member00000000',
  rewards: 'rwd_01jzexample0reward00000000',
  webhooks: 'whk_01jzexample0webhook0000000',
};

interface DocumentedPaths {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, unknown> } }>>;
}

describe('a body of very many members', () => {
  it('costs every route no more than in proportion', async () => {
    const { body: document } = await harness.call('GET', '/openapi.json', { as: null });
    const routes = Object.entries((document as DocumentedPaths).paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, { requestBody }]) => requestBody?.content['application/json'])
        .map(([method]) => ({ method: method.toUpperCase(), path })),
    );
    expect(routes.length).toBeGreaterThan(30);
    const bodies = new Map([10_000, 40_000].map((size) => [size, members(size)]));
    const steep: string[] = [];
    for (const { method, path } of routes) {
      const url = path.replace(/(\w+)\/\{\w+\}/g, (_, noun: string) => `${noun}/${idsIn[noun] ?? 'x'}`);
      const call = (size: number) => harness.call(method, url, { headers, raw: bodies.get(size) });
      // One try is enough where the cost is linear. A busy machine can only add to a measurement, so a ratio counts
      // when it stays too high however often it is measured.
      let cost = Infinity;
      for (const tries of [1, 6, 12, 24]) {
        cost = Math.min(cost, await growth(10_000, call, tries));
        if (cost <= linear) break;
      }
      if (cost > linear) steep.push(`${method} ${path}: ${cost.toFixed(1)}`);
    }
    expect(steep).toEqual([]);
  }, 240_000);

  it('is answered with the first faults and their number', async () => {
    const { body } = await harness.call('POST', '/v1/reservations', { headers, raw: members(85_000) });
    expect(body).toMatchObject({
      status: 400,
      code: 'request.invalid',
      detail: 'The body is not valid. It has 85,000 faults, of which the first 20 are listed.',
    });
    expect(body.errors).toHaveLength(20);
    expect(body.errors[0]).toEqual({ path: '/m0', message: 'is not a known field' });
  });
});

describe('a body that anyone may send', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each([
    ['a claim on the hosted page', '/o/cam_01jzexample0campaign000000', form],
    ['a play', '/g/sometoken/play', form],
    ['a way out', '/u/sometoken', form],
    ["a phone's log", '/wallet/apple/v1/log', headers],
    ['a registration of a pass', '/wallet/apple/v1/devices/d/registrations/p/s', headers],
    ['a claim in JSON', '/v1/claims', headers],
  ])('may have 64 kB: %s', async (_, path, type) => {
    const json = type === headers;
    const ofSize = (size: number) => (json ? `{"a":"${'x'.repeat(size - 8)}"}` : `a=${'x'.repeat(size - 2)}`);
    const post = (size: number) => harness.call('POST', path, { headers: type, raw: ofSize(size) });
    expect((await post(64 * 1024)).status).not.toBe(413);
    expect((await post(64 * 1024 + 1)).status).toBe(413);
  });
});

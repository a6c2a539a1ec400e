import { ListCampaigns } from '@tearoff/contracts';
import { addressOf } from '../src/access/rate-limits/address';
import { TokenBuckets } from '../src/access/rate-limits/token-buckets';
import { admin, startHarness, type Harness } from './harness';

describe('a token bucket', () => {
  it('gives its burst at once, then its rate, and says how long to wait', () => {
    let now = 0;
    const buckets = new TokenBuckets({ rate: 2, burst: 3 }, () => now);
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([0, 0, 0]);
    expect(buckets.take('a')).toBe(0.5);
    expect(buckets.take('b')).toBe(0);
    now += 500;
    expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 0.5]);
    now += 3_600_000;
    expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([0, 0, 0, 0.5]);
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('%s counts as %s', (ip, expected) => expect(addressOf(ip)).toBe(expected));
});

describe('a caller', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ RATE_LIMIT: '5', TRUST_PROXY: '1' });
    harness.others.on(ListCampaigns, () => ({ data: [], nextCursor: null }));
  });
  afterAll(() => harness.stop());

  const from = (ip: string, as: Record<string, string> | null = admin) =>
    harness.call('GET', '/v1/campaigns', { as, headers: { 'x-forwarded-for': ip } });
  const many = (count: number, ask: () => ReturnType<typeof from>) =>
    Promise.all(Array.from({ length: count }, ask));

  it('with one key from many addresses is slowed down, and told for how long', async () => {
    const key = await harness.keyFor('marketing');
    let address = 0;
    const answers = await many(40, () => from(`198.51.100.${++address}`, key));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]).toMatchObject({ body: { code: 'rate.limited', status: 429 } });
    expect(Number(limited[0].headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from('198.51.100.1')).status).toBe(200);
  });

  it('from one address is slowed down even without credentials, and others are not', async () => {
    const answers = await many(60, () => from('203.0.113.1', null));
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    expect((await from('203.0.113.2')).status).toBe(200);
  });

  it('that is a probe is never slowed down', async () => {
    const answers = await many(60, () =>
      harness.call('GET', '/health/live', { as: null, headers: { 'x-forwarded-for': '192.0.2.9' } }),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

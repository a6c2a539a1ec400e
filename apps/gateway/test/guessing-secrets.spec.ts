import { ListCampaigns } from '@tearoff/contracts';
import { GuessLimits } from '../src/access/rate-limits/guess-limits';
import { admin, startHarness, type Harness } from './harness';

const rates = {
  pair: { rate: 1, burst: 3 },
  subject: { rate: 1, burst: 5 },
  address: { rate: 1, burst: 8 },
};

describe('guesses about one subject', () => {
  let now = 0;
  const limits = () => new GuessLimits(rates, () => now);
  const wrong = (of: GuessLimits, address: string, times: number, subject = 'till'): number => {
    let made = 0;
    for (let each = 0; each < times; each++) {
      if (of.wait(subject, address) > 0) continue;
      of.count(subject, address);
      made++;
    }
    return made;
  };

  it('are bounded for an address, and then by the clock', () => {
    const one = limits();
    expect(wrong(one, 'a', 3_000)).toBe(3);
    expect(one.wait('till', 'a')).toBe(1);
    now += 2_000;
    expect(wrong(one, 'a', 3_000)).toBe(2);
  });

  it('are bounded over all addresses, but for those that got it right before', () => {
    const one = limits();
    one.count('till', 'shop');
    one.wasRight('till', 'shop');
    let made = 0;
    for (let each = 0; each < 100; each++) made += wrong(one, `stranger ${each}`, 3);
    expect(made).toBe(5);
    expect(one.wait('till', 'another stranger')).toBeGreaterThan(0);
    expect(one.wait('till', 'shop')).toBe(0);
    expect(wrong(one, 'shop', 10)).toBe(3);
  });

  it('are bounded for an address over all subjects, and one subject does not use that up', () => {
    const one = limits();
    expect(wrong(one, 'a', 100, 'x')).toBe(3);
    expect(one.wait('y', 'a')).toBe(0);
    for (const subject of ['y', 'z', 'u']) wrong(one, 'a', 100, subject);
    expect(one.wait('new', 'a')).toBeGreaterThan(0);
  });

  it('that were let in together, before any was known to be wrong, are worked off first', () => {
    const one = new GuessLimits({ ...rates, pair: { rate: 1, burst: 3, debt: 10 } }, () => now);
    for (let each = 0; each < 100; each++) one.count('till', 'a');
    expect(one.wait('till', 'a')).toBe(11);
    now += 10_900;
    expect(one.wait('till', 'a')).toBeGreaterThan(0);
    now += 100;
    expect(one.wait('till', 'a')).toBe(0);
  });

  it('that were right cost nothing', () => {
    const one = limits();
    for (let each = 0; each < 1_000; each++) {
      expect(one.wait('till', `phone ${each}`)).toBe(0);
      one.count('till', `phone ${each}`);
      one.wasRight('till', `phone ${each}`);
    }
  });
});

describe('who guesses the secret of a client id', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ TRUST_PROXY: '1' });
    harness.others.on(ListCampaigns, () => ({ data: [], nextCursor: null }));
  });
  afterAll(() => harness?.stop());

  const list = (ip: string, as: Record<string, string> | null, headers: Record<string, string> = {}) =>
    harness.call('GET', '/v1/campaigns', { as, headers: { 'x-forwarded-for': ip, ...headers } });
  const guesses = async (count: number, ask: (each: number) => ReturnType<typeof list>) => {
    const statuses = new Map<number, number>();
    for (let done = 0; done < count; done += 100) {
      const answers = await Promise.all(Array.from({ length: 100 }, (_, each) => ask(done + each)));
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    return statuses;
  };
  const wrong = (key: Record<string, string>, each: number) => ({
    ...key,
    'x-client-secret': `wrong-${each}`,
  });
  /** Guesses until there is no other for three seconds, so that what is asked next is surely too early. */
  const exhaust = async (ip: string, key: Record<string, string>) => {
    for (let each = 0; ; each++) {
      const { headers } = await list(ip, wrong(key, each));
      if (Number(headers.get('retry-after')) >= 3) return;
    }
  };

  it('is refused even the right one after 1,000 wrong ones, while its holder goes on elsewhere', async () => {
    const key = await harness.keyFor('marketing');
    expect((await list('198.51.100.1', key)).status).toBe(200);
    const begun = performance.now();
    const statuses = await guesses(1_000, (each) => list('203.0.113.7', wrong(key, each)));
    // Twenty, and one more every six seconds.
    expect(statuses.get(401)).toBeLessThanOrEqual(21 + (performance.now() - begun) / 6_000);
    expect(new Set(statuses.keys())).toEqual(new Set([401, 429]));
    await exhaust('203.0.113.7', key);
    const right = await list('203.0.113.7', key);
    expect(right).toMatchObject({ status: 429, body: { code: 'rate.limited' } });
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
    // Where it was used before, and where it was never used.
    expect((await list('198.51.100.1', key)).status).toBe(200);
    expect((await list('198.51.100.2', key)).status).toBe(200);
    // Another key of the same place.
    expect((await list('203.0.113.7', await harness.keyFor('marketing'))).status).toBe(200);
  });

  it('does not lock out a holder behind the same address who has used it', async () => {
    const key = await harness.keyFor('marketing');
    await list('203.0.113.20', key);
    await exhaust('203.0.113.20', key);
    const answers = await guesses(100, () => list('203.0.113.20', key));
    expect([...answers]).toEqual([[200, 100]]);
  });

  it.each([
    ['2001:db8:1:1::7', '2001:db8:1:1::8', 429],
    ['2001:db8:1:2::7', '2001:db8:1:3::8', 200],
  ])(
    'from %s: the right one from %s is answered %i, for a /64 is one address',
    async (one, other, status) => {
      const key = await harness.keyFor('marketing');
      await exhaust(one, key);
      expect((await list(other, key)).status).toBe(status);
    },
  );

  it('is bounded in every form in which credentials come, all together', async () => {
    const key = await harness.keyFor('marketing', 'pos', 'events');
    const ip = { 'x-forwarded-for': '203.0.113.40' };
    const [id, secret] = [key['x-client-id'], key['x-client-secret']];
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    const forms = [
      (given: string) => list(ip['x-forwarded-for'], { 'x-client-id': id, 'x-client-secret': given }),
      (given: string) => list(ip['x-forwarded-for'], null, basic(`${id}:${given}`)),
      (given: string) => list(ip['x-forwarded-for'], null, { authorization: `Bearer ${id}.${given}` }),
      (given: string) =>
        harness.call('POST', '/coupontools/v3/coupon/list', {
          as: null,
          headers: ip,
          body: { client_id: id, client_secret: given },
        }),
      (given: string) =>
        harness.call('GET', '/coupontools/v3/coupon/list', {
          as: { 'x-api-key': id, 'x-api-secret': given },
          headers: ip,
        }),
      (given: string) =>
        harness.call('GET', '/esputnik/api/v1/version', {
          as: basic(`anybody:${id}.${given}`),
          headers: ip,
        }),
      (given: string) =>
        harness.call('GET', '/liquidbarcodes/content/campaigns/list', {
          as: basic(`${id}:${given}`),
          headers: ip,
        }),
    ];
    const wrongs = await Promise.all(
      Array.from({ length: 28 }, (_, each) => forms[each % forms.length](`wrong-${each}`)),
    );
    expect(wrongs.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(21);
    for (const form of forms) {
      await exhaust(ip['x-forwarded-for'], key);
      expect((await form(secret)).status).toBe(429);
    }
  });

  it('learns nothing of whether the client id exists', async () => {
    const key = await harness.keyFor('marketing');
    const of = async (clientId: string, ip: string) => {
      const answers = await Promise.all(
        Array.from({ length: 25 }, (_, each) =>
          list(ip, { 'x-client-id': clientId, 'x-client-secret': `x${each}` }),
        ),
      );
      return answers.map(({ status, body }) => `${status} ${body.code}`).sort();
    };
    expect(await of('nobody', '203.0.113.51')).toEqual(await of(key['x-client-id'], '203.0.113.50'));
  });

  it('and many requests with the right secret at once are one try', async () => {
    const key = await harness.keyFor('marketing');
    const statuses = await guesses(300, () => list('203.0.113.60', key));
    expect([...statuses]).toEqual([[200, 300]]);
    expect((await list('203.0.113.60', admin)).status).toBe(200);
  });
});

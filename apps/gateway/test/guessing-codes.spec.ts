import {
  GuessingSuspected,
  ListCampaigns,
  newId,
  queues,
  RedeemCode,
  ReserveCode,
  ValidateCode,
  type Validation,
} from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { register } from 'prom-client';
import { DataSource } from 'typeorm';
import type { RunningGateway } from '../src/start';
import { caller, startGateway, startHarness, type Answer, type Harness } from './harness';
import { ids, redemption } from './samples';

let harness: Harness;
let second: RunningGateway;
const told: Record<string, unknown>[] = [];
/** What exists; everything else is unknown. */
const isGood = (code: string): boolean => code.toUpperCase().startsWith('GOOD');

beforeAll(async () => {
  harness = await startHarness({ TRUST_PROXY: '1' });
  second = await startGateway(harness.others, harness.databaseUrl, { TRUST_PROXY: '1' });
  const { others } = harness;
  others.on(ListCampaigns, () => ({ data: [], nextCursor: null }));
  others.on(ValidateCode, ({ code }) => validation(code));
  others.on(RedeemCode, ({ code = '' }) =>
    isGood(code) ? { outcome: 'redeemed' as const, redemption: redemption({ code }) } : refused,
  );
  others.on(ReserveCode, ({ code }) => (isGood(code) ? reserved(code) : refused));
  const automation = await others.transport.connect('automation');
  await automation.consume(
    queues.find(({ name }) => name === 'automation.events')!,
    100,
    (message) => {
      const events = [JSON.parse(message.body)].flat() as { type: string; data: { items: never[] } }[];
      for (const { type, data } of events) if (type === GuessingSuspected.type) told.push(...data.items);
      message.ack();
    },
  );
});
afterAll(async () => {
  await second?.stop();
  await harness?.stop();
});

const refused = {
  outcome: 'refused' as const,
  reason: 'not_found' as const,
  redeemedAt: null,
  storeId: null,
};
const reserved = (code: string) => ({
  outcome: 'reserved' as const,
  reservation: {
    id: newId('reservation'),
    code,
    couponId: ids.coupon,
    campaignId: ids.campaign,
    storeId: null,
    expiresAt: new Date().toISOString(),
  },
});
const validation = (code: string): Validation => ({
  valid: isGood(code),
  reason: isGood(code) ? null : 'not_found',
  code,
  couponId: null,
  campaignId: null,
  content: null,
  discount: null,
  validTo: null,
  redeemedAt: null,
  storeId: null,
});

type Key = Record<string, string>;
const from = (ip: string) => ({ 'x-forwarded-for': ip });
let count = 0;
const anotherCode = () => `UNKNOWN${++count}`;

const redeem = (key: Key, code = anotherCode(), more: object = {}, ip = '198.51.100.1'): Promise<Answer> =>
  harness.call('POST', '/v1/redemptions', { as: key, headers: from(ip), body: { code, ...more } });
const validate = (key: Key, code = anotherCode(), more: object = {}, ip = '198.51.100.1'): Promise<Answer> =>
  harness.call('POST', '/v1/validations', { as: key, headers: from(ip), body: { code, ...more } });

/** Asks about unknown codes until there is no other for a while. */
async function exhaust(ask: () => Promise<Answer>): Promise<void> {
  for (let each = 0; each < 500; each++) if (Number((await ask()).headers.get('retry-after')) >= 2) return;
  throw new Error('never slowed down');
}

describe('unknown codes of one key and store', () => {
  it('are slowed down: of 600 in a row few are looked up', async () => {
    const key = await harness.keyFor('pos');
    const begun = performance.now();
    const statuses: number[] = [];
    let last: Answer | undefined;
    for (let each = 0; each < 600; each++) {
      const answer = await redeem(key, anotherCode(), { storeId: 'oslo-1' });
      statuses.push(answer.status);
      if (answer.status === 429) last = answer;
    }
    const lookedUp = statuses.filter((status) => status === 404).length;
    expect(new Set(statuses)).toEqual(new Set([404, 429]));
    expect(lookedUp).toBeGreaterThanOrEqual(60);
    expect(lookedUp).toBeLessThanOrEqual(61 + (performance.now() - begun) / 2_000);
    expect(last).toMatchObject({ body: { code: 'coupon.too_many_unknown', status: 429 } });
    expect(Number(last!.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('slow down neither the other stores of the key, nor the same store at another address', async () => {
    const key = await harness.keyFor('pos');
    await redeem(key, 'GOOD-1', { storeId: 'oslo-1' }, '198.51.100.2');
    await exhaust(() => redeem(key, anotherCode(), { storeId: 'oslo-1' }));
    expect((await redeem(key, 'GOOD-2', { storeId: 'oslo-2' })).status).toBe(201);
    expect((await redeem(key, 'GOOD-3', { storeId: 'oslo-1' }, '198.51.100.2')).status).toBe(201);
  });

  it('do not stop a code that was good a moment ago', async () => {
    const key = await harness.keyFor('pos');
    expect((await validate(key, 'GOOD-10')).status).toBe(200);
    await exhaust(() => validate(key));
    expect((await redeem(key, 'good 10')).status).toBe(201);
    expect((await redeem(key, 'GOOD-11')).status).toBe(429);
  });

  it('are no hindrance to a busy shop, whose good codes make up for them', async () => {
    const key = await harness.keyFor('pos');
    const statuses = new Set<number>();
    for (let each = 0; each < 150; each++) {
      statuses.add((await validate(key, `GOOD-BUSY-${each}`)).status);
      statuses.add((await validate(key)).status);
    }
    expect([...statuses]).toEqual([200]);
  });

  it('are not made up for by one good code that is asked about again and again', async () => {
    const key = await harness.keyFor('pos');
    await exhaust(async () => {
      await validate(key, 'GOOD-SAME');
      return validate(key);
    });
  });

  it('count for a key from everywhere together, so that inventing stores gives no more tries', async () => {
    const key = await harness.keyFor('pos');
    const statuses = await Promise.all(
      Array.from({ length: 700 }, (_, each) => redeem(key, anotherCode(), { storeId: `invented-${each}` })),
    );
    expect(statuses.every(({ status }) => status === 404 || status === 429)).toBe(true);
    expect(
      Number((await redeem(key, anotherCode(), { storeId: 'one-more' })).headers.get('retry-after')),
    ).toBeGreaterThan(0);
  });

  it('count wherever a till asks: validations, redemptions, reservations and the vendors’ own', async () => {
    const key = await harness.keyFor('pos');
    const [id, secret] = [key['x-client-id'], key['x-client-secret']];
    const basic = { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
    const ip = from('198.51.100.9');
    const asks = [
      () => validate(key, anotherCode(), {}, '198.51.100.9'),
      () => redeem(key, anotherCode(), {}, '198.51.100.9'),
      () => harness.call('POST', '/v1/reservations', { as: key, headers: ip, body: { code: anotherCode() } }),
      () =>
        harness.call('POST', '/liquidbarcodes/pos/Reserve', {
          as: basic,
          headers: ip,
          body: { Code: anotherCode() },
        }),
    ];
    await exhaust(asks[0]);
    for (const ask of asks) {
      await exhaust(asks[0]);
      expect((await ask()).status).toBe(429);
    }
    const vendor = await asks[3]();
    expect(vendor.body).toMatchObject({ ErrorCode: 'CouponTooManyUnknown' });
  });

  it('leave no refusal behind under an Idempotency-Key', async () => {
    const key = await harness.keyFor('pos');
    await exhaust(() => redeem(key));
    const again = (ip: string) =>
      harness.call('POST', '/v1/redemptions', {
        as: key,
        headers: { ...from(ip), 'idempotency-key': 'sale-7' },
        body: { code: 'GOOD-77' },
      });
    expect((await again('198.51.100.1')).status).toBe(429);
    expect((await again('198.51.100.77')).status).toBe(201);
  });

  it('are counted in a metric, without the code or the key', async () => {
    const key = await harness.keyFor('pos');
    const before = await counted();
    await exhaust(() => redeem(key));
    const after = await counted();
    expect(after.not_found - before.not_found).toBeGreaterThanOrEqual(60);
    expect(after.slowed - before.slowed).toBeGreaterThanOrEqual(1);
  });
});

async function counted(): Promise<Record<string, number>> {
  const metric = await register.getSingleMetric('tearoff_unknown_codes_total')!.get();
  return Object.fromEntries(metric.values.map(({ labels, value }) => [String(labels.answer), value]));
}

describe('that codes are being guessed', () => {
  const toldOf = (key: Key) => told.filter(({ apiKeyId }) => apiKeyId === key.id);

  it('is told once an hour for a key and store, however many gateways see it', async () => {
    const key = await harness.keyFor('pos');
    const elsewhere = () =>
      caller(second.url)('POST', '/v1/redemptions', {
        as: key,
        headers: from('198.51.100.30'),
        body: { code: anotherCode(), storeId: 'oslo-1' },
      });
    const here = () => redeem(key, anotherCode(), { storeId: 'oslo-1' }, '198.51.100.30');
    await Promise.all([exhaust(here), exhaust(elsewhere)]);
    await exhaust(() => redeem(key, anotherCode(), { storeId: 'oslo-2' }, '198.51.100.30'));
    await eventually(() => expect(new Set(toldOf(key).map(({ storeId }) => storeId)).size).toBe(2));
    expect(toldOf(key)).toHaveLength(2);
    expect(toldOf(key)).toContainEqual({
      accountId: expect.stringMatching(/^acc_/),
      apiKeyId: key.id,
      storeId: 'oslo-1',
      unknownCodes: expect.any(Number),
      at: expect.any(String),
    });
    const rows = await harness.gateway.app
      .get(DataSource)
      .query('select store_id from guessing_report where api_key_id = $1 order by store_id', [key.id]);
    expect(rows).toEqual([{ store_id: 'oslo-1' }, { store_id: 'oslo-2' }]);
  });

  it('is not told of an honest till', async () => {
    const key = await harness.keyFor('pos');
    for (let each = 0; each < 20; each++) await redeem(key);
    const marker = await harness.keyFor('pos');
    await exhaust(() => redeem(marker));
    await eventually(() => expect(toldOf(marker)).toHaveLength(1));
    expect(toldOf(key)).toEqual([]);
  });
});

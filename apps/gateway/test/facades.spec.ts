import {
  DomainError,
  GetCampaign,
  GetDelivery,
  GetProviders,
  IssueCoupon,
  ListCampaigns,
  newId,
  SearchCoupons,
  type CampaignView,
  type Coupon,
  type Delivery,
} from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { fingerprintOf } from '../src/access/idempotency/fingerprint';
import type { RunningGateway } from '../src/start';
import { admin, caller, startGateway, startHarness, type Harness } from './harness';
import { coupon, ids } from './samples';

describe('a transaction of Liquid Barcodes', () => {
  let harness: Harness;
  let second: RunningGateway;
  const made: Coupon[] = [];

  beforeAll(async () => {
    harness = await startHarness();
    second = await startGateway(harness.others, harness.databaseUrl);
  });
  afterAll(async () => {
    await second?.stop();
    await harness?.stop();
  });
  beforeEach(() => {
    made.length = 0;
    harness.others.reset();
    harness.others.on(SearchCoupons, () => ({ data: made, nextCursor: null }));
    harness.others.on(IssueCoupon, ({ metadata }) => {
      made.push(coupon({ id: newId('coupon'), metadata: metadata ?? null }));
      return { outcome: 'issued' as const, coupon: made.at(-1)! };
    });
  });

  const asked = { ScheduleId: ids.campaign, UserRef: '+447400111222' };
  const authorization = `Basic ${Buffer.from(Object.values(admin).join(':')).toString('base64')}`;
  const ask = (TransactionId: string, url = harness.gateway.url) =>
    caller(url)('POST', '/liquidbarcodes/content/IssueRequest', {
      as: null,
      headers: { authorization },
      body: { ...asked, TransactionId },
    });
  const sql = (text: string, values: unknown[] = []) =>
    harness.gateway.app.get(DataSource).query<Record<string, unknown>[]>(text, values);

  it('that two gateways are asked for at once is made once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, each) => ask('both', each % 2 ? second.url : undefined)),
    );
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.IssueReference}`))).toEqual(
      new Set([`200 ${made[0].id}`]),
    );
    expect(harness.others.askedFor(IssueCoupon)).toHaveLength(1);
  });

  it('whose gateway died after the coupon was made, or that is older than a day, finds it', async () => {
    await ask('died');
    for (const left of [
      `status = null, body = null, leased_until = now() - interval '1 s'`,
      `expires_at = now() - interval '1 s'`,
    ]) {
      await sql(`update idempotency_key set ${left}`);
      const { body } = await ask('died');
      expect(body).toMatchObject({ IssueReference: made[0].id, Status: 'Issued' });
    }
    expect(harness.others.askedFor(IssueCoupon)).toHaveLength(1);
  });

  it('whose gateway died before the coupon was made is made', async () => {
    const [{ account_id: accountId }] = await sql('select account_id from api_key limit 1');
    const key = 'liquidbarcodes unmade';
    await sql(
      `insert into idempotency_key (api_key_id, key, fingerprint, holder, leased_until, expires_at)
       values ($1, $2, $3, 'dead', now() - interval '1 s', now() + interval '1 h')`,
      [accountId, `\u0001${key}`, fingerprintOf('', key, { ...asked, Channel: null })],
    );
    expect((await ask('unmade')).body).toMatchObject({ IssueReference: made[0].id });
  });

  it('that could not be answered in time is asked for again, and made once', async () => {
    harness.others.on(IssueCoupon, ({ metadata }) => {
      made.push(coupon({ metadata: metadata ?? null }));
      return new DomainError('service.deadline_exceeded', 'unavailable', 'Too late.');
    });
    const late = await ask('late');
    expect(late).toMatchObject({ status: 503, body: { ErrorCode: 'ServiceDeadlineExceeded' } });
    expect(late.headers.get('retry-after')).not.toBeNull();
    expect((await ask('late')).body.IssueReference).toBe(made[0].id);
    expect(made).toHaveLength(1);
  });

  it('is no Idempotency-Key of that name', async () => {
    await ask('same');
    const { status } = await harness.call('POST', '/v1/coupons', {
      headers: { 'idempotency-key': 'liquidbarcodes same' },
      body: { campaignId: ids.campaign, recipient: { phone: '+447400111222' } },
    });
    expect(status).toBe(201);
  });
});

describe('send/sms of Coupontools', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ RATE_LIMIT: '2' });
    const { others } = harness;
    const delivery = { id: newId('delivery'), channel: 'sms' as const, status: 'queued' };
    others.on(GetProviders, () => ({ sms: 'vonage', email: null }));
    others.on(GetCampaign, () => ({ id: ids.campaign, messages: {} }) as unknown as CampaignView);
    others.on(IssueCoupon, () => ({ outcome: 'issued' as const, coupon: coupon({ delivery }) }));
    others.on(GetDelivery, () => ({ ...delivery, error: 'busy' }) as unknown as Delivery);
  });
  afterAll(() => harness?.stop());

  const send = (headers: Record<string, string> = {}) =>
    harness.call('POST', '/coupontools/v3/send/sms', {
      headers,
      body: { campaign: ids.campaign, phone: '+447400123456' },
    });

  it('does not say sent of what no provider has accepted by then', async () => {
    const { status, body } = await send({ prefer: 'wait=0' });
    expect([status, body.status.errors.error_code]).toEqual([422, [602]]);
    expect(body.status.errors.error_message_description[0]).toMatch(
      /^SMS not sent to '447400123456'\. Reason: Not accepted yet \(busy\)/,
    );
  });

  it.each(['phone=%2B447400123456%00', 'phone=1&na%00me=x'])(
    'refuses a NUL in a form in its own shape, as in JSON (%s)',
    async (form) => {
      const { status, body } = await harness.call('POST', '/coupontools/v3/send/sms', {
        raw: `campaign=${ids.campaign}&${form}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect([status, body.status.errors]).toEqual([
        422,
        {
          error_message: 'HTTP/1.0 422 Unprocessable entity.',
          error_message_description: ['A text in the body holds a character that cannot be stored.'],
          error_code: [301],
        },
      ]);
    },
  );

  it('answers in its own shape while a service is away, and to a caller that asks too often', async () => {
    harness.others.on(ListCampaigns, () => new DomainError('service.unavailable', 'unavailable', 'Away.'));
    const list = () => harness.call('POST', '/coupontools/v3/coupon/list');
    const away = await list();
    expect([away.status, away.body.status.errors.error_code]).toEqual([503, [503]]);
    const answers = await Promise.all(Array.from({ length: 6 }, list));
    const limited = answers.find(({ status }) => status === 429)!;
    expect(limited.body.status.errors.error_code).toEqual([429]);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(limited.headers.get('cache-control')).toBe('no-store');
  });
});

describe('whoever guesses credentials', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ RATE_LIMIT: '1000' });
  });
  afterAll(() => harness?.stop());

  it('in bodies is stopped like one who does in headers', async () => {
    const guess = () =>
      harness.call('POST', '/coupontools/v3/coupon/list', {
        as: null,
        body: { client_id: 'guess', client_secret: 'x' },
      });
    const statuses = new Set<number>();
    for (let each = 0; each < 30 && !statuses.has(429); each++) statuses.add((await guess()).status);
    expect(statuses).toContain(429);
  });
});

import { request } from 'node:http';
import {
  GetCoupon,
  GetCouponState,
  GetDelivery,
  IssueCoupon,
  newId,
  SearchCoupons,
  unavailable,
  type CouponState,
  type Delivery,
} from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { admin, startHarness, type Harness } from './harness';
import { coupon, ids } from './samples';

let harness: Harness;
const body = { campaignId: ids.campaign, recipient: { phone: '+447400123456' }, channel: 'sms' };
const deliveryId = newId('delivery');
const queued = { id: deliveryId, channel: 'sms' as const, status: 'queued' };

const delivery = (changes: Partial<Delivery>): Delivery => ({
  id: deliveryId,
  accountId: ids.account,
  couponId: ids.coupon,
  campaignId: ids.campaign,
  channel: 'sms',
  to: '+447400123456',
  status: 'queued',
  attempts: 0,
  error: null,
  provider: null,
  providerMessageId: null,
  segments: 1,
  createdAt: '2027-01-01T00:00:00.000Z',
  sentAt: null,
  deliveredAt: null,
  ...changes,
});

const state = (changes: Partial<CouponState>): CouponState => ({
  state: 'issued',
  redeemedAt: null,
  storeId: null,
  storeName: null,
  channel: null,
  voidedAt: null,
  ...changes,
});

beforeAll(async () => {
  harness = await startHarness({ PUBLIC_URL: 'https://coupons.example/' });
});
afterAll(() => harness.stop());
beforeEach(() => harness.others.reset());

const issue = (headers: Record<string, string> = {}) =>
  harness.call('POST', '/v1/coupons', { body, headers });

describe('a coupon', () => {
  it('new is 201, repeated 200, with its link and without its token', async () => {
    harness.others.on(IssueCoupon, () => ({ outcome: 'issued' as const, coupon: coupon() }));
    const first = await issue();
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      id: ids.coupon,
      campaignId: ids.campaign,
      code: 'W7KQ3M9XHT2C',
      url: 'https://coupons.example/c/tokentokentokentoken22',
      status: 'issued',
      recipient: { phone: '+447400123456' },
      issuedAt: '2027-01-01T10:00:00.000Z',
      validFrom: '2027-01-01T10:00:00.000Z',
      validTo: null,
      redeemedAt: null,
      repeated: false,
      delivery: null,
    });
    harness.others.on(IssueCoupon, () => ({ outcome: 'repeated' as const, coupon: coupon() }));
    expect(await issue()).toMatchObject({ status: 200, body: { repeated: true } });
  });

  it("waits for its delivery until that has settled, and tells the provider's words", async () => {
    harness.others.on(IssueCoupon, () => ({
      outcome: 'issued' as const,
      coupon: coupon({ delivery: queued }),
    }));
    let asked = 0;
    harness.others.on(GetDelivery, () => {
      asked++;
      if (asked === 1) return null;
      return asked < 4
        ? delivery({ status: 'sending' })
        : delivery({ status: 'failed', error: 'No such number' });
    });
    const answer = await issue({ prefer: 'respond-async, wait=25' });
    expect(answer.body.delivery).toEqual({ ...queued, status: 'failed', error: 'No such number' });
    expect(answer.headers.get('preference-applied')).toBe('wait=25');
    expect(asked).toBe(4);
  });

  it('waits no longer than it was asked to, and then answers as it is', async () => {
    harness.others.on(IssueCoupon, () => ({
      outcome: 'issued' as const,
      coupon: coupon({ delivery: queued }),
    }));
    harness.others.on(GetDelivery, () => delivery({ status: 'sending' }));
    const answer = await issue({ prefer: 'wait=1' });
    expect(answer).toMatchObject({ status: 201, body: { delivery: { ...queued, status: 'sending' } } });
    const most = issue({ prefer: 'wait=9999' });
    harness.others.on(GetDelivery, () => delivery({ status: 'sent' }));
    expect((await most).headers.get('preference-applied')).toBe('wait=30');
  });

  it('whose caller has gone is not waited for', async () => {
    harness.others.on(IssueCoupon, () => ({
      outcome: 'issued' as const,
      coupon: coupon({ delivery: queued }),
    }));
    harness.others.on(GetDelivery, () => delivery({ status: 'sending' }));
    const { port } = new URL(harness.gateway.url);
    const headers = { ...admin, 'content-type': 'application/json', prefer: 'wait=30' };
    const leaving = request({ port, path: '/v1/coupons', method: 'POST', headers });
    leaving.on('error', () => undefined);
    leaving.end(JSON.stringify(body));
    await eventually(() => harness.others.askedFor(GetDelivery).length > 2);
    leaving.destroy();
    let before = -1;
    await eventually(
      () => {
        const now = harness.others.askedFor(GetDelivery).length;
        const still = now === before;
        before = now;
        return still;
      },
      { intervalMs: 400 },
    );
  });

  it.each([
    [
      'redeemed',
      state({ state: 'redeemed', redeemedAt: '2027-01-02T00:00:00.000Z', storeId: 'a' }),
      'redeemed',
    ],
    ['voided', state({ state: 'voided', voidedAt: '2027-01-02T00:00:00.000Z' }), 'voided'],
    ['not heard of', state({ state: 'unknown' }), 'issued'],
  ])("is read with its owner's word on it: %s", async (_, word, status) => {
    harness.others.on(GetCoupon, () => coupon());
    harness.others.on(GetCouponState, () => word);
    expect((await harness.call('GET', `/v1/coupons/${ids.coupon}`)).body).toMatchObject({
      status,
      redeemedAt: word.redeemedAt,
      redeemedStoreId: word.storeId,
      voidedAt: word.voidedAt,
    });
  });

  it('whose redemption was reversed is issued, or expired by now, whatever the list still says', async () => {
    const stale = { status: 'redeemed' as const, redeemedAt: '2026-01-02T00:00:00.000Z' };
    harness.others.on(GetCouponState, () => state({}));
    harness.others.on(GetCoupon, () => coupon(stale));
    const path = `/v1/coupons/${ids.coupon}`;
    expect((await harness.call('GET', path)).body).toMatchObject({ status: 'issued', redeemedAt: null });
    harness.others.on(GetCoupon, () => coupon({ ...stale, validTo: '2026-01-03T00:00:00.000Z' }));
    expect((await harness.call('GET', path)).body).toMatchObject({ status: 'expired', redeemedAt: null });
  });

  it('is read as issuance has heard of it while redemption is away', async () => {
    harness.others.on(GetCoupon, () => coupon({ status: 'redeemed' }));
    harness.others.on(GetCouponState, () => unavailable('service.unavailable', 'Away.'));
    expect(await harness.call('GET', `/v1/coupons/${ids.coupon}`)).toMatchObject({
      status: 200,
      body: { status: 'redeemed' },
    });
  });

  it('is searched by what was asked for alone', async () => {
    harness.others.on(SearchCoupons, () => ({ data: [coupon()], nextCursor: 'next' }));
    const { body: page } = await harness.call('GET', '/v1/coupons?phone=+447400123456&limit=7&cursor=abc');
    expect(page).toMatchObject({ data: [{ id: ids.coupon }], nextCursor: 'next' });
    expect(harness.others.askedFor(SearchCoupons)).toEqual([
      { accountId: expect.any(String), phone: '+447400123456', limit: 7, cursor: 'abc' },
    ]);
  });
});

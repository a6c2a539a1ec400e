import { CampaignChanged, CouponRedeemed, CouponVoided, newId, RedemptionReversed } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import {
  issuedState,
  known,
  redeemedState,
  voidedState,
  type Known,
} from '../../apps/gateway/src/pages/test/fixtures';
import { openStream, type EventStream } from './event-stream';
import { startPages, type PagesApp } from './pages-app';

const quiet = { pollMs: 3_600_000, heartbeatMs: 3_600_000 };

describe('an open coupon page', () => {
  let app: PagesApp;
  const streams: EventStream[] = [];
  const open = async (token: string): Promise<EventStream> => {
    const stream = await openStream(`${app.url}/c/${token}/events`);
    streams.push(stream);
    return stream;
  };
  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.close();
    await app.close();
  });

  const about = ({ coupon }: Known) => ({
    accountId: coupon.accountId,
    couponId: coupon.id,
    campaignId: coupon.campaignId,
    code: coupon.code,
  });
  const redemption = (known: Known) => ({
    ...about(known),
    redemptionId: newId('redemption'),
    storeId: 'store-7',
    redeemedAt: new Date().toISOString(),
  });
  const spent = (known: Known) => ({
    ...redemption(known),
    terminalId: null,
    channel: 'store' as const,
    transactionRef: null,
    basket: null,
    discount: null,
  });

  it('is told the present state at once, then each change as it happens', async () => {
    app = await startPages(quiet);
    const coupon = known();
    const stream = await open(app.services.put(coupon));
    expect(stream.headers['content-type']).toContain('text/event-stream');
    expect(stream.headers['cache-control']).toContain('no-store');
    await eventually(() => expect(stream.states()).toEqual(['valid']));

    app.services.settle(coupon, redeemedState());
    app.services.tell(CouponRedeemed, spent(coupon));
    await eventually(() => expect(stream.states()).toEqual(['valid', 'redeemed']));

    app.services.settle(coupon, issuedState);
    app.services.tell(RedemptionReversed, {
      ...redemption(coupon),
      reversedAt: new Date().toISOString(),
      reason: null,
    });
    await eventually(() => expect(stream.states()).toEqual(['valid', 'redeemed', 'valid']));

    app.services.settle(coupon, voidedState);
    app.services.tell(CouponVoided, { ...about(coupon), voidedAt: new Date().toISOString(), reason: null });
    await eventually(() => expect(stream.states().at(-1)).toBe('voided'));
  });

  it('hears of a paused and of an edited campaign', async () => {
    app = await startPages(quiet);
    const coupon = known();
    const stream = await open(app.services.put(coupon));
    await eventually(() => expect(stream.states()).toEqual(['valid']));
    const edited = { ...coupon.campaign, version: 2, content: { title: 'Other words' } };
    app.services.put({ ...coupon, campaign: edited });
    app.services.tell(CampaignChanged, edited);
    await eventually(() => expect(stream.states()).toEqual(['valid', 'valid']));
    const paused = { ...edited, version: 3, status: 'paused' as const };
    app.services.put({ ...coupon, campaign: paused });
    app.services.tell(CampaignChanged, paused);
    await eventually(() => expect(stream.states().at(-1)).toBe('paused'));
  });

  it('learns the truth although no broadcast came', async () => {
    app = await startPages({ ...quiet, pollMs: 50 });
    const coupon = known();
    const stream = await open(app.services.put(coupon));
    await eventually(() => expect(stream.states()).toEqual(['valid']));
    app.services.settle(coupon, redeemedState());
    await eventually(() => expect(stream.states()).toEqual(['valid', 'redeemed']));
  });

  it('flips by itself when its time comes', async () => {
    app = await startPages(quiet);
    const soon = new Date(Date.now() + 400).toISOString();
    const stream = await open(app.services.put(known({}, { validTo: soon })));
    await eventually(() => expect(stream.states()).toEqual(['valid', 'expired']));
  });

  it('is not flipped back by a late projection while redemption is away', async () => {
    app = await startPages({ ...quiet, pollMs: 30 });
    const coupon = known();
    const stream = await open(app.services.put(coupon, redeemedState()));
    await eventually(() => expect(stream.states()).toEqual(['redeemed']));
    app.services.away.add('redemption');
    const asked = app.services.asked.length;
    await eventually(() => expect(app.services.asked.length).toBeGreaterThan(asked + 6));
    expect(stream.states()).toEqual(['redeemed']);
  });

  it('stays through a time in which no one answers', async () => {
    app = await startPages({ ...quiet, pollMs: 30 });
    const coupon = known();
    const stream = await open(app.services.put(coupon));
    app.services.away.add('issuance');
    const asked = app.services.asked.length;
    await eventually(() => expect(app.services.asked.length).toBeGreaterThan(asked + 3));
    app.services.away.clear();
    app.services.settle(coupon, redeemedState());
    await eventually(() => expect(stream.states().at(-1)).toBe('redeemed'));
  });

  it('is sent a sign of life, so that nothing in between hangs up', async () => {
    app = await startPages({ ...quiet, heartbeatMs: 20 });
    const stream = await open(app.services.put(known()));
    await eventually(() => expect(stream.text().match(/^: still here$/gm)?.length).toBeGreaterThan(2));
  });

  it('is asked for once, however many watch the same coupon', async () => {
    app = await startPages({ ...quiet });
    const coupon = known();
    const token = app.services.put(coupon);
    const many = await Promise.all(Array.from({ length: 20 }, () => open(token)));
    await eventually(() => expect(many.every((stream) => stream.states().length === 1)).toBe(true));
    app.services.asked.length = 0;
    app.services.settle(coupon, redeemedState());
    app.services.tell(CouponRedeemed, spent(coupon));
    await eventually(() => expect(many.every((stream) => stream.states().at(-1) === 'redeemed')).toBe(true));
    expect(app.services.asked).toEqual(['issuance.coupon.page', 'redemption.state']);
  });

  it('gets no place beyond the bounds, and frees its own when it closes', async () => {
    app = await startPages({ ...quiet, perAddress: 2 });
    const token = app.services.put(known());
    const [first] = [await open(token), await open(token)];
    const refused = await open(token);
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('15');
    first.close();
    await eventually(async () => expect((await open(token)).status).toBe(200));
  });

  it('gives a place back that was taken for an unknown coupon', async () => {
    app = await startPages({ ...quiet, total: 1 });
    for (let i = 0; i < 3; i++) expect((await open('unknownunknownunknown')).status).toBe(404);
    expect((await open(app.services.put(known()))).status).toBe(200);
  });

  it('is hung up on when the gateway stops, so that it reconnects elsewhere', async () => {
    app = await startPages(quiet);
    const stream = await open(app.services.put(known()));
    await app.close();
    await stream.ended;
    expect(stream.states()).toEqual(['valid']);
  });

  it('is hung up on too when its page was still being read as the gateway stopped', async () => {
    app = await startPages(quiet);
    const token = app.services.put(known());
    let answer!: () => void;
    app.services.heldUntil = new Promise<void>((resolve) => (answer = resolve));
    const opening = open(token);
    await eventually(() => expect(app.services.asked).toHaveLength(1));
    const closed = app.close();
    setTimeout(answer, 100);
    await (
      await opening
    ).ended;
    await closed;
  });
});

import {
  BulkCouponsIssued,
  CampaignChanged,
  CouponSendRequested,
  newId,
  type CouponIssuedItem,
} from '@tearoff/contracts';
import { describeOverBothTransports, eventually } from '@tearoff/testing';
import { accountId, couponOf } from './builders';
import { VonageStandIn } from './vonage-stand-in';
import { World } from './world';

/** From an hour ago to in an hour, so that the present is quiet in that zone; or not. */
function hoursAround(zone: string, quiet: boolean): { from: string; to: string } {
  const clock = (ms: number) =>
    new Date(Date.now() + ms).toLocaleTimeString('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
    });
  const hour = 3_600_000;
  return quiet ? { from: clock(-hour), to: clock(hour) } : { from: clock(hour), to: clock(2 * hour) };
}

describeOverBothTransports('lists', (means) => {
  let world: World;
  let vonage: VonageStandIn;

  beforeAll(async () => {
    vonage = await VonageStandIn.start();
    world = await World.create(means);
  });
  afterAll(async () => {
    await world.destroy();
    await vonage.stop();
  });
  beforeEach(() => {
    vonage.answer = () => undefined;
    vonage.calls.length = 0;
  });
  afterEach(async () => {
    await world.stopInstances();
    // What a test leaves unsent must not be sent in the next.
    await world.dataSource.query(`delete from outbox where queue like 'notification.%'`);
    await world.dataSource.query(`delete from delivery`);
    await world.dataSource.query(
      `update pace set paused_until = null, singles_until = null, singles_planned = null, lists_planned = null`,
    );
  });

  const list = (...items: CouponIssuedItem[]) => world.issuance.tell(BulkCouponsIssued, items);
  const many = (count: number, campaign = world.campaign()) =>
    Array.from({ length: count }, () => couponOf(campaign));
  const rowOf = async (id: string) => {
    const [row] = await world.dataSource.query(`select * from delivery where id = $1`, [id]);
    return row as { status: string; due_at: Date; attempts: number; bulk: boolean } | undefined;
  };
  /** Resolves when the delivery waits for a later time. */
  const waits = (id: string) =>
    eventually(async () => {
      const row = await rowOf(id);
      if (!row || row.due_at.getTime() < Date.now() + 60_000)
        throw new Error(`${row?.status} ${row?.due_at.toISOString()}`);
      return row;
    });

  it('are sent whole, each once, by two workers', async () => {
    await Promise.all([world.startInstance(vonage.env), world.startInstance(vonage.env)]);
    const coupons = many(900);
    await list(...coupons);
    await eventually(() => expect(vonage.calls).toHaveLength(900), { timeoutMs: 50_000 });
    expect(new Set(vonage.calls.map(({ body }) => body.client_ref)).size).toBe(900);
    for (const { deliveryId } of coupons.slice(0, 5)) await world.reached(deliveryId, 'sent');
  });

  it('let a single coupon pass, which comes in the midst of one', async () => {
    await Promise.all([
      world.startInstance({ ...vonage.env, SMS_RATE: '250' }),
      world.startInstance({ ...vonage.env, SMS_RATE: '250' }),
    ]);
    await list(...many(2_000));
    await eventually(() => expect(vonage.calls.length).toBeGreaterThan(100));
    const before = vonage.calls.length;
    const single = couponOf(world.campaign());
    await world.issuance.issued(single);
    await eventually(() => expect(vonage.callsFor(single.deliveryId)).toHaveLength(1));
    const place = vonage.calls.findIndex(({ body }) => body.client_ref === single.deliveryId);
    expect(place - before).toBeLessThan((2_000 - before) / 2);
  });

  it('leave calls free for single coupons where the provider is slow and knows no rate', async () => {
    vonage.answer = () => 'hang';
    await world.startInstance(vonage.env);
    await list(...many(200));
    await eventually(() => expect(vonage.calls).toHaveLength(40));
    const singles = many(5);
    await world.issuance.issued(...singles);
    for (const { deliveryId } of singles)
      await eventually(() => expect(vonage.callsFor(deliveryId)).toHaveLength(1));
    expect(vonage.calls).toHaveLength(45);
    vonage.answer = () => undefined;
    vonage.release();
  });

  it('are sent at the provider’s rate by all workers together', async () => {
    const rate = 100;
    const arrivals: number[] = [];
    vonage.answer = () => void arrivals.push(performance.now());
    const paced = { ...vonage.env, SMS_RATE: String(rate) };
    await Promise.all([world.startInstance(paced), world.startInstance(paced)]);
    await list(...many(500));
    await eventually(() => expect(arrivals).toHaveLength(500), { timeoutMs: 20_000 });
    // In any stretch of time: the rate, and a second's worth at most.
    for (let from = 0; from < 500; from += 10)
      for (let to = from + 1; to < 500; to += 7)
        expect(to - from + 1).toBeLessThanOrEqual(
          Math.ceil((rate * (arrivals[to] - arrivals[from])) / 1_000) + rate,
        );
  });

  it('make use of a rate that is far below what a worker could send', async () => {
    const arrivals: number[] = [];
    vonage.answer = () => void arrivals.push(performance.now());
    await world.startInstance({ ...vonage.env, SMS_RATE: '40' });
    await list(...many(300));
    await eventually(() => expect(arrivals.length).toBeGreaterThan(200), { timeoutMs: 20_000 });
    // Over its best eighty messages: others use this machine, too.
    const seconds = arrivals.slice(80).map((at, index) => (at - arrivals[index]) / 1_000);
    expect(80 / Math.min(...seconds)).toBeGreaterThan(0.8 * 40);
    // What there is no room for waits in the table, not in a worker's hands.
    const [{ later }] = await world.dataSource.query(
      `select count(*)::int as later from outbox where queue = 'notification.sms.bulk'`,
    );
    expect(later).toBeGreaterThan(0);
  });

  it('and all else pause when the provider has had too much', async () => {
    vonage.answer = (_call, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': '3600' } } : undefined;
    const paced = { ...vonage.env, SMS_RATE: '1000' };
    await Promise.all([world.startInstance(paced), world.startInstance(paced)]);
    const [first] = many(1);
    await world.issuance.issued(first);
    await waits(first.deliveryId);
    const later = [...many(30)];
    await list(...later);
    for (const { deliveryId } of later)
      expect((await waits(deliveryId)).due_at.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    expect(vonage.calls).toHaveLength(1);
  });

  it('wait for the end of quiet hours, by their number’s time zone, and no one is told that they are lost', async () => {
    await world.startInstance({ ...vonage.env, DELIVERY_SWEEP_MS: '50' });
    const campaign = world.campaign({
      timezone: 'Pacific/Kiritimati',
      messages: { quietHours: hoursAround('Europe/London', true) },
    });
    const to = (phone: string) => couponOf(campaign, { recipient: { phone } });
    const [london, elsewhere] = [to('+447400123456'), to('+12025550123')];
    await list(london, elsewhere);
    const row = await waits(london.deliveryId);
    expect(row).toMatchObject({ status: 'queued', attempts: 0, bulk: true });
    expect(Math.abs(row.due_at.getTime() - Date.now() - 3_600_000)).toBeLessThan(120_000);
    // Kiritimati is fourteen hours ahead of London.
    await world.reached(elsewhere.deliveryId, 'sent');
    expect(vonage.callsFor(london.deliveryId)).toEqual([]);
  });

  it('follow the hours as the campaign has them when their time has come', async () => {
    await world.startInstance(vonage.env);
    const campaign = world.campaign({ messages: { quietHours: hoursAround('Europe/London', true) } });
    const changed = { ...campaign, version: 2, messages: { quietHours: null } };
    const [later, now] = [couponOf(campaign), couponOf(campaign)].map((coupon) => ({
      ...coupon,
      recipient: { phone: '+447400123456' },
    }));
    await list(later);
    await waits(later.deliveryId);
    await comeBack(later.deliveryId);
    await waits(later.deliveryId);
    expect(vonage.calls).toEqual([]);
    await world.issuance.tell(CampaignChanged, [changed]);
    await eventually(async () => {
      const [kept] = await world.dataSource.query(`select version from campaign where id = $1`, [
        campaign.id,
      ]);
      expect(kept).toEqual({ version: 2 });
    });
    // Its item may still be on its way back from the time before, and cannot be called then.
    await eventually(async () => {
      await comeBack(later.deliveryId);
      expect(vonage.callsFor(later.deliveryId)).toHaveLength(1);
    });
    await world.reached(later.deliveryId, 'sent');
    await list({ ...now, campaignVersion: 2 });
    await world.reached(now.deliveryId, 'sent');
  });

  it('are tried again after quiet hours, when those begin between two attempts', async () => {
    vonage.answer = () => ({ status: 500 });
    await world.startInstance({ ...vonage.env, DELIVERY_RETRY_MS: '200' });
    const campaign = world.campaign();
    const coupon = couponOf(campaign, { recipient: { phone: '+447400123456' } });
    await list(coupon);
    await eventually(() => expect(vonage.calls.length).toBeGreaterThan(0));
    await world.issuance.tell(CampaignChanged, [
      { ...campaign, version: 2, messages: { quietHours: hoursAround('Europe/London', true) } },
    ]);
    const row = await waits(coupon.deliveryId);
    expect(row.status).toBe('queued');
    expect(vonage.calls).toHaveLength(row.attempts);
  });

  it('are not sent for a campaign that is over by then', async () => {
    await world.startInstance(vonage.env);
    const campaign = world.campaign({ messages: { quietHours: hoursAround('Europe/London', true) } });
    const coupons = [couponOf(campaign), couponOf(campaign)].map((coupon) => ({
      ...coupon,
      recipient: { phone: '+447400123456' },
    }));
    await list(...coupons);
    for (const { deliveryId } of coupons) await waits(deliveryId);
    await world.issuance.tell(CampaignChanged, [{ ...campaign, version: 2, status: 'ended' }]);
    await eventually(async () => {
      const [kept] = await world.dataSource.query(`select status from campaign where id = $1`, [campaign.id]);
      expect(kept).toEqual({ status: 'ended' });
    });
    await comeBack(...coupons.map(({ deliveryId }) => deliveryId));
    for (const { deliveryId } of coupons) {
      expect(await world.reached(deliveryId, 'failed')).toMatchObject({
        error: 'not sent: the campaign is over',
      });
      await eventually(() =>
        expect(world.issuance.settledOf(deliveryId)).toMatchObject([{ status: 'failed' }]),
      );
    }
    expect(vonage.calls).toEqual([]);
  });

  it('do not make a coupon that someone asked for wait', async () => {
    await world.startInstance(vonage.env);
    const campaign = world.campaign({ messages: { quietHours: hoursAround('Europe/London', true) } });
    const coupon = couponOf(campaign, { recipient: { phone: '+447400123456' } });
    await world.issuance.issued(coupon);
    await world.reached(coupon.deliveryId, 'sent');
  });

  it('do not make someone wait who asks for the coupon that a list holds for them, and write to them once', async () => {
    await world.startInstance(vonage.env);
    const campaign = world.campaign({ messages: { quietHours: hoursAround('Europe/London', true) } });
    const coupon = couponOf(campaign, { recipient: { phone: '+447400123456' } });
    const { source: _source, metadata: _metadata, ...letter } = coupon;
    await list(coupon);
    await waits(coupon.deliveryId);
    await world.issuance.tell(CouponSendRequested, [letter, letter]);
    await world.reached(coupon.deliveryId, 'sent');
    await comeBack(coupon.deliveryId);
    await eventually(async () => {
      const [{ left }] = await world.dataSource.query(
        `select count(*)::int as left from outbox where queue like 'notification.%'`,
      );
      expect(left).toBe(0);
    });
    // Whatever of them was in a queue is behind this one.
    const next = couponOf(world.campaign());
    await list(next);
    await world.reached(next.deliveryId, 'sent');
    expect(vonage.callsFor(coupon.deliveryId)).toHaveLength(1);
  });

  it('come back to the queue of lists when their item was lost', async () => {
    const id = newId('delivery');
    await world.dataSource.query(
      `with written as (insert into message (delivery_id, text) values ($1, 'lost'))
       insert into delivery (id, account_id, channel, address, status, bulk, due_at)
       values ($1, $2, 'sms', '+447400123456', 'queued', true, now() - interval '1 hour')`,
      [id, accountId],
    );
    await world.startInstance({
      ...vonage.env,
      SMS_RATE: '0.01',
      DELIVERY_SWEEP_MS: '50',
      DELIVERY_LOST_MS: '1000',
    });
    await eventually(async () => {
      const [row] = await world.dataSource.query(
        `select due_at > now() - interval '1 minute' as found from delivery where id = $1`,
        [id],
      );
      expect(row).toEqual({ found: true });
    });
  });

  /** As if the time had come that these deliveries wait for. */
  async function comeBack(...ids: string[]): Promise<void> {
    await world.dataSource.query(
      `update outbox set available_at = now()
       where queue = 'notification.sms.bulk' and exists (select from unnest($1::text[]) as id where data::text like '%' || id || '%')`,
      [ids],
    );
  }
});

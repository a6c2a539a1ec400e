import { DeliveryDue, newId } from '@tearoff/contracts';
import { describeOverBothTransports, eventually } from '@tearoff/testing';
import { accountId, couponOf } from './builders';
import { VonageStandIn } from './vonage-stand-in';
import { World } from './world';

describeOverBothTransports('at most one message a delivery', (means) => {
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
  afterEach(() => world.stopInstances());

  /** Puts an item on the SMS queue, as a broker would that delivers one twice. */
  async function due(...deliveryIds: string[]): Promise<void> {
    const items = deliveryIds.map((deliveryId) => ({ deliveryId, channel: 'sms' as const }));
    await world.dataSource.query(
      `insert into outbox (id, type, data, queue) values ($1, $2, $3, 'notification.sms')`,
      [newId('event'), DeliveryDue.type, JSON.stringify({ items })],
    );
  }

  /** What a worker that was killed leaves behind: taken with that provider, that long ago, outcome not recorded. */
  async function leaveSending(provider: string, agoMs: number): Promise<string> {
    const id = newId('delivery');
    await world.dataSource.query(
      `with written as (insert into message (delivery_id, text) values ($1, 'half sent'))
       insert into delivery (id, account_id, channel, address, status, attempts, provider, sending_since)
       values ($1, $2, 'sms', '+447911123456', 'sending', 1, $3, now() - $4::int * interval '1 millisecond')`,
      [id, accountId, provider, agoMs],
    );
    return id;
  }

  it('sends once what is due twice at two instances', async () => {
    await Promise.all([world.startInstance(vonage.env), world.startInstance(vonage.env)]);
    const coupons = Array.from({ length: 100 }, () => couponOf(world.campaign()));
    vonage.calls.length = 0;
    await world.issuance.issued(...coupons);
    await eventually(async () => {
      const [{ n }] = await world.dataSource.query(
        `select count(*)::int as n from delivery where id = any($1)`,
        [coupons.map(({ deliveryId }) => deliveryId)],
      );
      return n === coupons.length;
    });
    const ids = coupons.map(({ deliveryId }) => deliveryId);
    await Promise.all([due(...ids), due(...ids.toReversed()), due(...ids)]);
    for (const id of ids) await world.reached(id, 'sent');
    expect(vonage.calls).toHaveLength(ids.length);
    expect(new Set(vonage.calls.map(({ body }) => body.client_ref))).toEqual(new Set(ids));
  });

  it('does not send again what a killed worker may have sent', async () => {
    vonage.calls.length = 0;
    const id = await leaveSending('vonage', 60_000);
    await world.startInstance({ ...vonage.env, DELIVERY_LEASE_MS: '1000' });
    await due(id);
    expect(await world.reached(id, 'failed')).toMatchObject({
      error: 'outcome unknown: the worker stopped between sending and recording; not sent again',
    });
    await eventually(() => expect(world.issuance.settledOf(id)).toMatchObject([{ status: 'failed' }]));
    expect(vonage.calls).toHaveLength(0);
  });

  it('sends again what a killed worker may have sent where that arrives once', async () => {
    const id = await leaveSending('sandbox', 60_000);
    await world.startInstance({ DELIVERY_LEASE_MS: '1000' });
    await due(id);
    expect(await world.reached(id, 'sent')).toMatchObject({ attempts: 2 });
    expect((await world.sandboxMessages()).filter(({ deliveryId }) => deliveryId === id)).toHaveLength(1);
  });

  it('leaves to another worker what that one is still sending, and looks again when its lease is over', async () => {
    // Longer than an idle relay takes to see the item.
    await world.startInstance({ ...vonage.env, DELIVERY_LEASE_MS: '2500' });
    const id = await leaveSending('vonage', 0);
    await due(id);
    await eventually(async () => {
      const rows: unknown[] = await world.dataSource.query(
        `select from outbox where queue = 'notification.sms' and available_at > now() and data::text like $1`,
        [`%${id}%`],
      );
      return rows.length === 1;
    });
    expect(await world.delivery(id)).toMatchObject({ status: 'sending' });
    await world.reached(id, 'failed');
  });

  it('does not send again while a worker hangs between sending and recording, nor when it comes back', async () => {
    vonage.answer = () => 'hang';
    const lease = { ...vonage.env, DELIVERY_LEASE_MS: '500', PROVIDER_TIMEOUT_MS: '20000' };
    await world.startInstance(lease);
    const coupon = couponOf(world.campaign());
    await world.issuance.issued(coupon);
    await eventually(() => expect(vonage.callsFor(coupon.deliveryId)).toHaveLength(1));
    await world.startInstance(lease);
    // Both instances get the item, one of them the hanging one: neither may send.
    await due(coupon.deliveryId);
    await due(coupon.deliveryId);
    expect((await world.reached(coupon.deliveryId, 'failed')).error).toMatch(/^outcome unknown/);
    // While there is an instance that tells of it.
    await eventually(() => expect(world.issuance.settledOf(coupon.deliveryId)).toHaveLength(1));
    vonage.answer = () => undefined;
    vonage.release();
    await world.stopInstances();
    expect(vonage.callsFor(coupon.deliveryId)).toHaveLength(1);
    expect(world.issuance.settledOf(coupon.deliveryId)).toHaveLength(1);
  });

  it('finishes what it is sending when it is told to stop, and leaves the rest to the next', async () => {
    vonage.calls.length = 0;
    vonage.answer = () => 'hang';
    await world.startInstance(vonage.env);
    const coupons = Array.from({ length: 300 }, () => couponOf(world.campaign()));
    await world.issuance.issued(...coupons);
    await eventually(() => expect(vonage.calls).toHaveLength(50));
    const stopped = world.stopInstances();
    vonage.answer = () => undefined;
    vonage.release();
    await stopped;
    const open: { status: string }[] = await world.dataSource.query(
      `select status from delivery where id = any($1) and status <> 'sent'`,
      [coupons.map(({ deliveryId }) => deliveryId)],
    );
    expect(open.map(({ status }) => status)).not.toContain('sending');
    await world.startInstance(vonage.env);
    for (const { deliveryId } of coupons)
      expect(await world.reached(deliveryId, 'sent')).toMatchObject({ attempts: 1 });
    expect(vonage.calls).toHaveLength(300);
    expect(await world.dataSource.query('select from message')).toEqual([]);
  });

  it('brings back a delivery whose item was lost', async () => {
    const id = newId('delivery');
    await world.dataSource.query(
      `with written as (insert into message (delivery_id, text) values ($1, 'lost'))
       insert into delivery (id, account_id, channel, address, status, due_at)
       values ($1, $2, 'sms', '+447911123456', 'queued', now() - interval '1 hour')`,
      [id, accountId],
    );
    await world.startInstance({ ...vonage.env, DELIVERY_SWEEP_MS: '50' });
    await world.reached(id, 'sent');
  });
});

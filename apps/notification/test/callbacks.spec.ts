import { ListConsents, ListSuppressions, newId, RecordCallback, type Delivery } from '@tearoff/contracts';
import { describeOverBothTransports, eventually } from '@tearoff/testing';
import { accountId, couponOf } from './builders';
import { callback, signatureEnv, signedJson, signedQuery } from './vonage-signed';
import { VonageStandIn } from './vonage-stand-in';
import { World } from './world';

describeOverBothTransports("Vonage's status callbacks", (means) => {
  let world: World;
  let vonage: VonageStandIn;
  let numbers = 0;
  const phone = () => `+4479111${String(++numbers).padStart(5, '0')}`;

  beforeAll(async () => {
    vonage = await VonageStandIn.start();
    world = await World.create(means);
    await world.startInstance({ ...vonage.env, ...signatureEnv });
    await world.startInstance({ ...vonage.env, ...signatureEnv });
  });
  afterAll(async () => {
    await world.destroy();
    await vonage.stop();
  });
  beforeEach(() => {
    vonage.answer = () => undefined;
  });

  const record = (request: ReturnType<typeof callback>) =>
    world.issuance.messaging.commands.send(RecordCallback, request);

  const status = ({ id, to, providerMessageId }: Delivery, name: string, more: object = {}) =>
    signedJson('status', {
      message_uuid: providerMessageId,
      to: to.replace('+', ''),
      from: '447700900000',
      timestamp: new Date().toISOString(),
      status: name,
      usage: { currency: 'EUR', price: '0.0333' },
      client_ref: id,
      channel: 'sms',
      ...more,
    });

  async function sent(to = phone()): Promise<Delivery> {
    const coupon = couponOf(world.campaign(), { recipient: { phone: to } });
    await world.issuance.issued(coupon);
    return world.reached(coupon.deliveryId, 'sent');
  }
  const now = async ({ id }: Delivery) => (await world.delivery(id))!;
  const settled = ({ id }: Delivery) => world.issuance.settledOf(id).map((item) => item.status);

  it('make a delivery delivered, and tell it once however often and wherever they come', async () => {
    const delivery = await sent();
    const told = status(delivery, 'delivered');
    const answers = await Promise.all(Array.from({ length: 8 }, () => record(told)));
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    const after = await now(delivery);
    expect(after).toMatchObject({ status: 'delivered', error: null });
    expect(Date.parse(after.deliveredAt!)).toBeGreaterThanOrEqual(Date.parse(after.sentAt!));
    for (const late of ['submitted', 'read', 'rejected', 'undeliverable'])
      await record(status(delivery, late));
    expect(await now(delivery)).toEqual(after);
    await eventually(() => expect(settled(delivery)).toEqual(['sent', 'delivered']));
  });

  it('make a delivery failed in the words of the vendor, until it turns out delivered', async () => {
    const delivery = await sent();
    const error = {
      type: 'https://developer.vonage.com/api-errors/messages#1260',
      title: '1260',
      detail: 'Destination \0 unreachable',
    };
    await record(status(delivery, 'rejected', { error }));
    expect(await now(delivery)).toMatchObject({
      status: 'failed',
      error: 'vonage: rejected: 1260: Destination  unreachable',
    });
    await record(status(delivery, 'undeliverable'));
    expect((await now(delivery)).error).toContain('1260');
    await record(status(delivery, 'delivered'));
    expect(await now(delivery)).toMatchObject({ status: 'delivered', error: null });
    const page = await world.issuance.messaging.commands.send(ListSuppressions, {
      accountId,
      address: delivery.to,
    });
    expect(page.data).toEqual([]);
  });

  it('settle a message of which no one knew what became of it', async () => {
    vonage.answer = () => 'drop';
    const coupon = couponOf(world.campaign(), { recipient: { phone: phone() } });
    await world.issuance.issued(coupon);
    const unknown = await world.reached(coupon.deliveryId, 'failed');
    expect(unknown.error).toMatch(/^outcome unknown/);
    await record(status({ ...unknown, providerMessageId: 'uuid-late' }, 'delivered'));
    expect(await now(unknown)).toMatchObject({
      status: 'delivered',
      providerMessageId: 'uuid-late',
      error: null,
    });
  });

  it('that come before the vendor’s own answer settle it, and nothing is sent again', async () => {
    vonage.answer = () => 'hang';
    const coupon = couponOf(world.campaign(), { recipient: { phone: phone() } });
    await world.issuance.issued(coupon);
    await eventually(() => expect(vonage.callsFor(coupon.deliveryId)).toHaveLength(1));
    const sending = (await world.delivery(coupon.deliveryId))!;
    expect(sending.status).toBe('sending');
    await record(status({ ...sending, providerMessageId: 'uuid-early' }, 'delivered'));
    vonage.answer = () => undefined;
    vonage.release();
    const next = await sent();
    expect(next.status).toBe('sent');
    expect(await now(sending)).toMatchObject({ status: 'delivered', providerMessageId: 'uuid-early' });
    expect(vonage.callsFor(sending.id)).toHaveLength(1);
    const [{ left }] = await world.dataSource.query(`select count(*)::int as left from message`);
    expect(left).toBe(0);
  });

  it('keep a message from being tried again that did arrive', async () => {
    vonage.answer = () => ({ status: 500 });
    const coupon = couponOf(world.campaign(), { recipient: { phone: phone() } });
    await world.issuance.issued(coupon);
    await eventually(() => expect(vonage.callsFor(coupon.deliveryId).length).toBeGreaterThan(0));
    const waiting = (await world.delivery(coupon.deliveryId))!;
    await record(status({ ...waiting, providerMessageId: 'uuid-5xx' }, 'delivered'));
    await world.reached(coupon.deliveryId, 'delivered');
    vonage.answer = () => undefined;
    await sent();
    expect((await now(waiting)).status).toBe('delivered');
  });

  it('may be receipts of the SMS API, found by the message’s id where they name no delivery', async () => {
    const delivery = await sent();
    const receipt = (more: Record<string, string>) =>
      signedQuery('status', {
        msisdn: delivery.to.replace('+', ''),
        to: 'Tearoff',
        messageId: delivery.providerMessageId!,
        'err-code': '0',
        'message-timestamp': '2020-01-01 10:00:00',
        ...more,
      });
    await record(receipt({ status: 'buffered' }));
    expect((await now(delivery)).status).toBe('sent');
    await record(receipt({ status: 'expired', 'err-code': '2' }));
    expect(await now(delivery)).toMatchObject({ status: 'failed', error: 'vonage: expired: err-code 2' });
    await record(receipt({ status: 'delivered', 'client-ref': delivery.id }));
    const after = await now(delivery);
    expect(after.deliveredAt).toBe(after.sentAt);
  });

  it.each([
    [
      'Messages API 1240',
      (it: Delivery) => status(it, 'rejected', { error: { title: '1240', detail: 'Illegal Number' } }),
    ],
    [
      'SMS API err-code 9',
      (it: Delivery) =>
        signedQuery('status', {
          msisdn: it.to.replace('+', ''),
          messageId: it.providerMessageId!,
          status: 'rejected',
          'err-code': '9',
          'client-ref': it.id,
        }),
    ],
  ])('suppress whom the vendor says has opted out: %s', async (_, told) => {
    const delivery = await sent();
    for (let times = 0; times < 3; times++) await record(told(delivery));
    expect((await now(delivery)).status).toBe('failed');
    const about = { accountId, address: delivery.to };
    const { commands } = world.issuance.messaging;
    expect((await commands.send(ListSuppressions, about)).data).toEqual([
      expect.objectContaining({ channel: 'sms', reason: 'opt_out' }),
    ]);
    expect((await commands.send(ListConsents, about)).data).toEqual([
      expect.objectContaining({ kind: 'withdrawn', how: 'provider', text: (await now(delivery)).error }),
    ]);
    const next = couponOf(world.campaign(), { recipient: { phone: delivery.to } });
    await world.issuance.issued(next);
    await world.reached(next.deliveryId, 'suppressed');
  });

  it('of unknown messages, or without meaning, are accepted and ignored', async () => {
    const delivery = await sent();
    const stranger = { ...delivery, id: newId('delivery'), providerMessageId: 'uuid-unknown' };
    for (const told of [
      status(stranger, 'delivered'),
      status({ ...stranger, id: "'; drop table delivery; --" }, 'delivered'),
      status(delivery, 'constructor'),
      signedJson('status', {}),
      signedJson('status', { status: { a: 1 }, message_uuid: [] }),
      signedJson('inbound', { status: 'delivered', client_ref: delivery.id, message_uuid: 'x' }),
    ])
      expect(await record(told)).toEqual({ outcome: 'accepted' });
    expect(await now(delivery)).toEqual(delivery);
  });

  it('that are not signed change nothing', async () => {
    const delivery = await sent();
    const told = status(delivery, 'delivered');
    for (const forged of [
      { ...told, authorization: null },
      { ...told, body: told.body.replace('0.0333', '0.0334') },
    ])
      expect(await record(forged)).toMatchObject({ outcome: 'refused' });
    expect(await now(delivery)).toEqual(delivery);
  });
});

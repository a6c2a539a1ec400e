import {
  AddSuppression,
  CheckAddress,
  CheckMessages,
  CreateTemplate,
  GetDelivery,
  ListDeliveries,
  ListSandboxMessages,
  ListSuppressions,
  newId,
  RemoveSuppression,
  SendMessages,
} from '@tearoff/contracts';
import { describeOverBothTransports } from '@tearoff/testing';
import { accountId, couponOf } from './builders';
import { SmtpStandIn } from './smtp-stand-in';
import { VonageStandIn } from './vonage-stand-in';
import { World } from './world';

describeOverBothTransports("notification's answers", (means) => {
  let world: World;
  const ask = () => world.issuance.messaging.commands;

  beforeAll(async () => {
    world = await World.create(means);
    await world.startInstance();
  });
  afterAll(() => world.destroy());

  it('lists deliveries newest first, by coupon, campaign and status, page by page', async () => {
    const campaign = world.campaign();
    const coupons = Array.from({ length: 5 }, () => couponOf(campaign));
    const refused = couponOf(campaign, { recipient: { phone: '+15005550001' } });
    await world.issuance.issued(...coupons, refused);
    for (const { deliveryId } of coupons) await world.reached(deliveryId, 'sent');
    await world.reached(refused.deliveryId, 'failed');

    const newestFirst = [...coupons, refused]
      .map(({ deliveryId }) => deliveryId)
      .sort()
      .reverse();
    const first = await ask().send(ListDeliveries, { accountId, campaignId: campaign.id, limit: 4 });
    expect(first.data.map(({ id }) => id)).toEqual(newestFirst.slice(0, 4));
    const cursor = first.nextCursor!;
    const second = await ask().send(ListDeliveries, { accountId, campaignId: campaign.id, limit: 4, cursor });
    expect(second.data.map(({ id }) => id)).toEqual(newestFirst.slice(4));
    expect(second.nextCursor).toBeNull();

    const failed = await ask().send(ListDeliveries, { accountId, campaignId: campaign.id, status: 'failed' });
    expect(failed.data.map(({ id }) => id)).toEqual([refused.deliveryId]);
    const one = await ask().send(ListDeliveries, { accountId, couponId: coupons[0].couponId });
    expect(one.data).toHaveLength(1);
  });

  it('writes once whom it is asked to write to under a key, whatever the delivery is called then', async () => {
    const words = { name: 'x', channel: 'sms' as const, body: '$!key' };
    const send = async (account: string, ...recipients: { phone: string; key?: string }[]) => {
      const { id } = await ask().send(CreateTemplate, { accountId: account, template: words });
      const asked = recipients.map((each) => ({
        deliveryId: newId('delivery'),
        data: { key: each.key ?? 'none' },
        ...each,
      }));
      return (await ask().send(SendMessages, { accountId: account, templateId: id, recipients: asked }))
        .results;
    };
    const [ann, bea] = [`+447911124001`, `+447911124002`].map((phone) => ({ phone }));
    const all = [
      { ...bea, key: 'b' },
      { ...ann, key: 'a' },
      { ...ann, key: 'a' },
      { phone: '1', key: 'c' },
      ann,
    ];
    // In either order, at once: neither waits for the other, and all are told of the same deliveries.
    const answers = await Promise.all([send(accountId, ...all), send(accountId, ...all.toReversed())]);
    const [first, other] = answers.map((results) => results.map(({ deliveryId }) => deliveryId));
    other.reverse();
    expect(other.slice(0, 3)).toEqual(first.slice(0, 3));
    expect(first[1]).toBe(first[2]);
    expect(other[4]).not.toBe(first[4]);
    for (const id of [first[0], first[1], first[4], other[4]]) await world.reached(id, 'sent');
    const texts = (await world.sandboxMessages()).filter(({ to }) => [ann.phone, bea.phone].includes(to));
    expect(texts.map(({ text }) => text).sort()).toEqual(['a', 'b', 'none', 'none']);

    // One who was refused may be asked for again, and another account's key is another.
    expect(await send(accountId, { ...bea, key: 'c' })).toMatchObject([{ status: 'queued' }]);
    const [theirs] = await send(newId('account'), { ...ann, key: 'a' });
    expect([theirs.status, theirs.deliveryId === first[1]]).toEqual(['queued', false]);
  });

  it('shows a delivery to its own account alone', async () => {
    const { deliveryId } = couponOf(world.campaign());
    expect(await ask().send(GetDelivery, { accountId, deliveryId })).toBeNull();
    const coupon = couponOf(world.campaign());
    await world.issuance.issued(coupon);
    await world.reached(coupon.deliveryId, 'sent');
    const stranger = newId('account');
    expect(await ask().send(GetDelivery, { accountId: stranger, deliveryId: coupon.deliveryId })).toBeNull();
    expect((await ask().send(ListDeliveries, { accountId: stranger })).data).toEqual([]);
  });

  it('keeps one suppression an address, in whatever spelling it is given, taken away or looked for', async () => {
    const account = newId('account');
    const first = await ask().send(AddSuppression, {
      accountId: account,
      channel: 'email',
      address: ' Ann@Shop.example',
      reason: 'bounce',
      note: 'mailbox full',
    });
    expect(first).toMatchObject({ address: 'ann@shop.example', reason: 'bounce', note: 'mailbox full' });
    const again = await ask().send(AddSuppression, {
      accountId: account,
      channel: 'email',
      address: 'ann@shop.example',
    });
    expect(again).toEqual(first);

    await ask().send(AddSuppression, { accountId: account, channel: 'sms', address: '+44 7911 123456' });
    const list = await ask().send(ListSuppressions, { accountId: account, limit: 1 });
    expect(list.data.map(({ channel }) => channel)).toEqual(['sms']);
    const rest = await ask().send(ListSuppressions, {
      accountId: account,
      limit: 1,
      cursor: list.nextCursor!,
    });
    expect(rest).toMatchObject({ data: [first], nextCursor: null });
    const found = await ask().send(ListSuppressions, { accountId: account, address: '0044 7911 123456' });
    expect(found.data).toHaveLength(1);

    const check = (channel: 'sms' | 'email', address: string) =>
      ask().send(CheckAddress, { accountId: account, channel, address });
    expect(
      await Promise.all([
        check('sms', '+447911123456'),
        check('email', '+447911123456'),
        check('email', 'ann@shop.example'),
        check('sms', '+447911123457'),
      ]),
    ).toEqual([{ suppressed: true }, { suppressed: false }, { suppressed: true }, { suppressed: false }]);

    await ask().send(RemoveSuppression, {
      accountId: account,
      channel: 'email',
      address: 'ANN@shop.example',
    });
    await expect(
      ask().send(RemoveSuppression, { accountId: account, channel: 'email', address: 'ann@shop.example' }),
    ).rejects.toMatchObject({ code: 'suppression.not_found', kind: 'not_found' });
  });

  it('refuses to suppress what is no address', async () => {
    await expect(
      ask().send(AddSuppression, { accountId, channel: 'sms', address: '0711' }),
    ).rejects.toMatchObject({ code: 'recipient.invalid_phone', kind: 'invalid' });
    await expect(
      ask().send(AddSuppression, { accountId, channel: 'email', address: 'nobody' }),
    ).rejects.toMatchObject({ code: 'recipient.invalid_email' });
  });

  it('finds sandbox messages by any spelling of the address, newest first', async () => {
    const campaign = world.campaign();
    const recipient = { phone: '+447911123999' };
    const [older, newer] = [couponOf(campaign, { recipient }), couponOf(campaign, { recipient })];
    await world.issuance.issued(older);
    await world.reached(older.deliveryId, 'sent');
    await world.issuance.issued(newer);
    await world.reached(newer.deliveryId, 'sent');
    for (const to of ['+447911123999', '+44 7911 123 999', '447911123999']) {
      const page = await ask().send(ListSandboxMessages, { to });
      expect(page.data.map(({ deliveryId }) => deliveryId)).toEqual([newer.deliveryId, older.deliveryId]);
    }
    expect((await ask().send(ListSandboxMessages, { to: 'nobody@shop.example' })).data).toEqual([]);
  });

  it('refuses a cursor that none of its pages ended with', async () => {
    const refused = { code: 'request.invalid_cursor', kind: 'invalid' };
    for (const cursor of ['zzz', '', 'cpn_0000000000']) {
      for (const list of [ListDeliveries, ListSuppressions, ListSandboxMessages]) {
        await expect(ask().send(list, { accountId, cursor })).rejects.toMatchObject(refused);
      }
    }
  });

  it('says which messages cannot be parsed, and why', async () => {
    const texts = [
      { path: '/fine', text: '{% if firstName != "" %}{{ firstName | upcase }}: {% endif %}{{ url }}' },
      { path: '/open', text: 'Hello {{ title' },
      { path: '/tag', text: '{% if title %}never ended' },
      { path: '/filter', text: '{{ title | shout }}' },
      { path: '/include', text: '{% include "x" %}' },
      { path: '/render', text: '{%- render "x" -%}' },
      { path: '/layout', text: '{% layout "x" %}' },
    ];
    const [{ faults }, none] = await Promise.all([
      ask().send(CheckMessages, { texts }),
      ask().send(CheckMessages, { texts: texts.slice(0, 1) }),
    ]);
    expect(none).toEqual({ faults: [] });
    expect(faults.map(({ path }) => path)).toEqual(texts.slice(1).map(({ path }) => path));
    expect(faults[0].message).toMatch(/not closed, line:1, col:7/);
    expect(faults[3].message).toMatch(/tag "include" not found/);
  });

  it('has no sandbox inbox when no channel uses the sandbox', async () => {
    await world.stopInstances();
    const [vonage, smtp] = await Promise.all([VonageStandIn.start(), SmtpStandIn.start()]);
    await world.startInstance({ ...vonage.env, ...smtp.env });
    await expect(world.sandboxMessages()).rejects.toMatchObject({ code: 'sandbox.off' });
    await world.stopInstances();
    await Promise.all([vonage.stop(), smtp.stop()]);
  });

  it('answers and writes deliveries in one process, and sends them from another', async () => {
    await world.startInstance({ NOTIFICATION_ROLE: 'api' });
    const coupon = couponOf(world.campaign());
    await world.issuance.issued(coupon);
    await world.reached(coupon.deliveryId, 'queued');
    await world.startInstance({ NOTIFICATION_ROLE: 'worker' });
    await world.reached(coupon.deliveryId, 'sent');
    await world.stopInstances();

    await world.startInstance({ NOTIFICATION_ROLE: 'worker' });
    await expect(world.delivery(coupon.deliveryId)).rejects.toMatchObject({ code: 'service.unavailable' });
  });
});

import { AddSuppression, CampaignChanged, CouponIssued, newId, RemoveSuppression } from '@tearoff/contracts';
import { describeOverBothTransports, eventually } from '@tearoff/testing';
import { accountId, couponOf } from './builders';
import { World } from './world';

describeOverBothTransports('messages through the sandbox', (means) => {
  let world: World;

  beforeAll(async () => {
    world = await World.create(means);
    await world.startInstance();
  });
  afterAll(() => world.destroy());

  it('sends the coupon of a campaign that it has not heard of yet, and says when it is out', async () => {
    const campaign = world.campaign();
    const coupon = couponOf(campaign);
    await world.issuance.issued(coupon);

    const delivery = await world.reached(coupon.deliveryId, 'sent');
    expect(delivery).toMatchObject({
      to: '+447911123456',
      channel: 'sms',
      attempts: 1,
      error: null,
      provider: 'sandbox',
      segments: 1,
      couponId: coupon.couponId,
    });
    expect(await world.messageOf(coupon.deliveryId)).toMatchObject({
      to: '+447911123456',
      text: `20 % off everything: https://go.example/c/${coupon.token}`,
    });
    await eventually(() => expect(world.issuance.settledOf(coupon.deliveryId)).toHaveLength(1));
    expect(world.issuance.settledOf(coupon.deliveryId)[0]).toMatchObject({ status: 'sent', accountId });
  });

  it('sends an e-mail of text and HTML in the words of the campaign', async () => {
    const campaign = world.campaign({
      messages: {
        email: {
          subject: 'For {{firstName}}: {{title}}',
          text: 'Dear {{firstName}}, until {{validTo}}.',
          html: '<p>Dear {{firstName}}</p>',
        },
      },
    });
    const coupon = couponOf(campaign, {
      channel: 'email',
      recipient: { email: 'bo@shop.example', firstName: '<Bo>' },
      validTo: '2031-05-31T21:59:59.999Z',
    });
    await world.issuance.issued(coupon);
    await world.reached(coupon.deliveryId, 'sent');

    const url = `https://go.example/c/${coupon.token}`;
    const message = await world.messageOf(coupon.deliveryId);
    expect(message.subject).toBe('For <Bo>: 20 % off everything');
    const unsubscribeLink = message.headers['List-Unsubscribe'].slice(1, -1);
    expect(message.text).toBe(`Dear <Bo>, until 31 May 2031.\n\n${url}\n\nUnsubscribe: ${unsubscribeLink}`);
    expect(message.html).toContain('<p>Dear &lt;Bo&gt;</p>');
    expect(message.html).toContain(`href="${url}"`);
    expect(message.headers['Message-ID']).toBe(`<${coupon.deliveryId}@localhost>`);
  });

  it('writes what the newest version of the campaign that the coupon knows of says', async () => {
    const campaign = world.campaign({ messages: { sms: { body: 'first' } } });
    await world.issuance.tell(CampaignChanged, [campaign]);
    const first = couponOf(campaign);
    await world.issuance.issued(first);
    await world.reached(first.deliveryId, 'sent');

    const changed = { ...campaign, version: 2, messages: { sms: { body: 'second' } } };
    world.issuance.state.campaigns.set(campaign.id, changed);
    const second = couponOf(changed);
    await world.issuance.issued(second);
    await world.reached(second.deliveryId, 'sent');

    expect((await world.messageOf(first.deliveryId)).text).toMatch(/^first /);
    expect((await world.messageOf(second.deliveryId)).text).toMatch(/^second /);
  });

  it('sends nothing for a coupon without a channel', async () => {
    const campaign = world.campaign();
    const silent = couponOf(campaign, { channel: 'none', deliveryId: null as unknown as string });
    const sent = couponOf(campaign);
    await world.issuance.issued(silent, sent);
    await world.reached(sent.deliveryId, 'sent');
    const rows: unknown[] = await world.dataSource.query('select from delivery where coupon_id = $1', [
      silent.couponId,
    ]);
    expect(rows).toHaveLength(0);
  });

  it('sends a coupon again over another channel', async () => {
    const campaign = world.campaign();
    const coupon = couponOf(campaign);
    await world.issuance.issued(coupon);
    const again = { ...coupon, channel: 'email' as const, deliveryId: newId('delivery') };
    await world.issuance.sendRequested(again);
    expect((await world.reached(again.deliveryId, 'sent')).to).toBe('ann@shop.example');
  });

  it('makes one delivery and one message of the same request told twice', async () => {
    const campaign = world.campaign();
    const coupon = couponOf(campaign, { recipient: { phone: '+447911123001' } });
    await Promise.all([world.issuance.issued(coupon), world.issuance.issued(coupon)]);
    await world.reached(coupon.deliveryId, 'sent');
    const last = couponOf(campaign);
    await world.issuance.issued(last);
    await world.reached(last.deliveryId, 'sent');
    expect(await world.sandboxMessages('+44 7911 123001')).toHaveLength(1);
  });

  it('writes to no one on the suppression list, until they are taken off it', async () => {
    const { commands } = world.issuance.messaging;
    const campaign = world.campaign();
    const recipient = { phone: '+447911123002' };
    await commands.send(AddSuppression, { accountId, channel: 'sms', address: '+44 (0)7911-123002' });
    const first = couponOf(campaign, { recipient });
    await world.issuance.issued(first);
    expect(await world.reached(first.deliveryId, 'suppressed')).toMatchObject({ attempts: 0, sentAt: null });
    await eventually(() => expect(world.issuance.settledOf(first.deliveryId)).toHaveLength(1));

    await commands.send(RemoveSuppression, { accountId, channel: 'sms', address: '+447911123002' });
    const second = couponOf(campaign, { recipient });
    await world.issuance.issued(second);
    await world.reached(second.deliveryId, 'sent');
    expect(await world.sandboxMessages('+447911123002')).toHaveLength(1);
  });

  it('looks at the suppression list once more before it sends', async () => {
    const recipient = { phone: '+15005550002' };
    const coupon = couponOf(world.campaign(), { recipient });
    await world.stopInstances();
    // Slow enough for them to say STOP between the first attempt and the second.
    await world.startInstance({ DELIVERY_RETRY_MS: '1500' });
    await world.issuance.issued(coupon);
    await eventually(async () => expect((await world.delivery(coupon.deliveryId))?.attempts).toBe(1));
    await world.issuance.messaging.commands.send(AddSuppression, {
      accountId,
      channel: 'sms',
      address: recipient.phone,
      reason: 'opt_out',
    });
    expect(await world.reached(coupon.deliveryId, 'suppressed')).toMatchObject({ attempts: 1 });
    await world.issuance.messaging.commands.send(RemoveSuppression, {
      accountId,
      channel: 'sms',
      address: recipient.phone,
    });
    await world.stopInstances();
    await world.startInstance();
  });

  it('tries again after temporary failures and not after a permanent one', async () => {
    const campaign = world.campaign();
    const busy = couponOf(campaign, { recipient: { phone: '+15005550002' } });
    const refused = couponOf(campaign, { recipient: { phone: '+15005550001' } });
    await world.issuance.issued(busy, refused);
    expect(await world.reached(busy.deliveryId, 'sent')).toMatchObject({ attempts: 3, error: null });
    expect(await world.reached(refused.deliveryId, 'failed')).toMatchObject({
      attempts: 1,
      error: 'sandbox: this address refuses every message',
    });
  });

  it('sends a thousand coupons, each once', async () => {
    const campaign = world.campaign();
    const coupons = Array.from({ length: 1_000 }, (_, index) =>
      couponOf(campaign, { recipient: { phone: `+4479111${String(24_000 + index)}` } }),
    );
    await world.issuance.issued(...coupons);
    await eventually(async () => {
      const [row] = await world.dataSource.query(
        `select count(*)::int as n from delivery where status = 'sent' and campaign_id = $1`,
        [campaign.id],
      );
      expect(row.n).toBe(1_000);
    });
    const [{ n }] = await world.dataSource.query(
      `select count(*)::int as n from sandbox_message where delivery_id = any($1)`,
      [coupons.map(({ deliveryId }) => deliveryId)],
    );
    expect(n).toBe(1_000);
  });

  it('carries the request that caused a message to the news of it', async () => {
    const coupon = couponOf(world.campaign());
    await world.issuance.tell(CouponIssued, [coupon], [{ correlationId: 'order-77' }]);
    await eventually(() => expect(world.issuance.settledOf(coupon.deliveryId)).toHaveLength(1));
    expect(world.issuance.state.contexts.map(({ correlationId }) => correlationId)).toContain('order-77');
  });
});

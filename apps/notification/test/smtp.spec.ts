import { ListSuppressions } from '@tearoff/contracts';
import { describeOverBothTransports, eventually } from '@tearoff/testing';
import { accountId, couponOf } from './builders';
import { SmtpStandIn } from './smtp-stand-in';
import { World } from './world';

const email = { channel: 'email' as const, recipient: { email: 'ann@shop.example', firstName: 'Ann' } };

describeOverBothTransports('e-mail through SMTP', (means) => {
  let world: World;
  let smtp: SmtpStandIn;

  beforeAll(async () => {
    smtp = await SmtpStandIn.start();
    world = await World.create(means);
  });
  afterAll(async () => {
    await world.destroy();
    await smtp.stop();
  });
  beforeEach(() => smtp.forget());
  afterEach(() => world.stopInstances());

  async function sendOne(env: NodeJS.ProcessEnv = {}, changes: object = {}) {
    await world.startInstance({ ...smtp.env, ...env });
    const coupon = couponOf(world.campaign(), { ...email, ...changes });
    await world.issuance.issued(coupon);
    return coupon;
  }

  it('hands over a mail of text and HTML under an id that stays', async () => {
    const coupon = await sendOne({}, { message: { subject: 'Füx für Ann', body: 'Grüße\n.\n..dots\n' } });
    const delivery = await world.reached(coupon.deliveryId, 'sent');
    expect(delivery).toMatchObject({
      provider: 'smtp',
      providerMessageId: `${coupon.deliveryId}@tearoff.example`,
      segments: null,
    });
    const [mail] = smtp.mails;
    expect(mail.from).toBe('coupons@tearoff.example');
    expect(mail.to).toEqual(['ann@shop.example']);
    expect(mail.header('message-id')).toBe(`<${coupon.deliveryId}@tearoff.example>`);
    expect(mail.header('from')).toBe('"Tearoff, Inc." <coupons@tearoff.example>');
    expect(mail.subject).toBe('Füx für Ann');
    const [, unsubscribeLink] = /^<(https:\/\/go\.example\/u\/[\w-]{60,200})>$/.exec(
      mail.header('list-unsubscribe'),
    )!;
    expect(mail.header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(mail.text).toBe(
      `Grüße\r\n.\r\n..dots\r\n\r\nhttps://go.example/c/${coupon.token}\r\n\r\nUnsubscribe: ${unsubscribeLink}`,
    );
    expect(mail.html).toContain(`href="${unsubscribeLink}"`);
    expect(mail.html).toContain(`href="https://go.example/c/${coupon.token}"`);
  });

  it('tries again after a temporary reply, over the connection that it has', async () => {
    smtp.onRecipient = (count) => (count === 1 ? { code: 450, message: 'Mailbox busy' } : null);
    const coupon = await sendOne();
    expect(await world.reached(coupon.deliveryId, 'sent')).toMatchObject({ attempts: 2, error: null });
    expect(smtp.mails).toHaveLength(1);
    expect(smtp.connections).toBe(1);
  });

  it('records a permanent reply in the words of the server, and writes no more to where there is no one', async () => {
    smtp.onRecipient = () => ({ code: 550, message: '5.1.1 No such user here' });
    const gone = { recipient: { email: 'gone@shop.example' } };
    const coupon = await sendOne({}, gone);
    const delivery = await world.reached(coupon.deliveryId, 'failed');
    expect(delivery.attempts).toBe(1);
    expect(delivery.error).toContain('5.1.1 No such user here');
    const { data } = await world.issuance.messaging.commands.send(ListSuppressions, { accountId });
    expect(data).toEqual([expect.objectContaining({ address: 'gone@shop.example', reason: 'bounce' })]);

    smtp.onRecipient = () => null;
    const next = couponOf(world.campaign(), { ...email, ...gone });
    await world.issuance.issued(next);
    await world.reached(next.deliveryId, 'suppressed');
    expect(smtp.mails).toEqual([]);
  });

  it('goes on writing to whom a policy alone refused', async () => {
    smtp.onRecipient = (count) =>
      count === 1 ? { code: 550, message: '5.7.1 Rejected by local policy' } : null;
    const coupon = await sendOne();
    await world.reached(coupon.deliveryId, 'failed');
    const next = couponOf(world.campaign(), email);
    await world.issuance.issued(next);
    await world.reached(next.deliveryId, 'sent');
  });

  it('records a message refused after it was read', async () => {
    smtp.onData = () => ({ code: 554, message: 'Looks like spam' });
    const coupon = await sendOne();
    expect((await world.reached(coupon.deliveryId, 'failed')).error).toContain('Looks like spam');
  });

  it('tries again when the connection broke before the message', async () => {
    smtp.onRecipient = (count) => (count === 1 ? 'drop' : null);
    const coupon = await sendOne();
    await world.reached(coupon.deliveryId, 'sent');
    expect(smtp.mails).toHaveLength(1);
  });

  it('does not send again when the connection broke after the message', async () => {
    smtp.onData = () => 'drop';
    const coupon = await sendOne();
    expect((await world.reached(coupon.deliveryId, 'failed')).error).toMatch(
      /^outcome unknown, not sent again: smtp/,
    );
    expect(smtp.received).toBe(1);
  });

  it('waits when it is not let in: that is for the operator to mend', async () => {
    smtp.onRecipient = () => ({ code: 530, message: 'Authentication required' });
    const coupon = await sendOne({ DELIVERY_RETRY_MS: '60000' });
    const waiting = await eventually(async () => {
      const delivery = await world.delivery(coupon.deliveryId);
      return delivery?.status === 'queued' && delivery.attempts === 1 && delivery;
    });
    expect(waiting).toMatchObject({ error: expect.stringContaining('Authentication required') });
  });

  it('sends a list over five connections, each mail once', async () => {
    await world.startInstance(smtp.env);
    const campaign = world.campaign();
    const coupons = Array.from({ length: 300 }, (_, index) =>
      couponOf(campaign, { channel: 'email', recipient: { email: `p${index}@shop.example` } }),
    );
    await world.issuance.issued(...coupons);
    await eventually(() => expect(smtp.mails).toHaveLength(300));
    expect(new Set(smtp.mails.map((mail) => mail.to[0])).size).toBe(300);
    expect(smtp.connections).toBeLessThanOrEqual(5);
    await Promise.all(coupons.map(({ deliveryId }) => world.reached(deliveryId, 'sent')));
  });
});

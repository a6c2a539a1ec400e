import { AddSuppression, newId, SendNotice } from '@tearoff/contracts';
import { describeOverBothTransports, eventually } from '@tearoff/testing';
import { accountId, noticeTo } from './builders';
import { World } from './world';

describeOverBothTransports('a notice', (means) => {
  let world: World;
  const ask = () => world.issuance.messaging.commands;

  beforeAll(async () => {
    world = await World.create(means);
    await world.startInstance();
  });
  afterAll(() => world.destroy());

  it('is sent once, as it was first asked for, as a delivery without a coupon', async () => {
    const phone = '+447911123456';
    const request = noticeTo('sms', phone);
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask().send(SendNotice, request)));
    expect(answers).toEqual(answers.map(() => ({ suppressed: false })));
    const delivery = await world.reached(request.deliveryId, 'sent');
    expect(delivery).toMatchObject({
      couponId: null,
      campaignId: request.campaignId,
      attempts: 1,
      segments: 1,
    });
    await ask().send(AddSuppression, { accountId, channel: 'sms', address: phone });
    expect(await ask().send(SendNotice, { ...request, text: 'Another' })).toEqual({ suppressed: false });
    expect((await world.sandboxMessages(phone)).map(({ text }) => text)).toEqual([request.text]);
    await eventually(() => expect(world.issuance.settledOf(request.deliveryId)).toHaveLength(1));
    await expect(ask().send(SendNotice, { ...request, accountId: newId('account') })).rejects.toMatchObject({
      code: 'delivery.exists',
      kind: 'conflict',
    });
  });

  it('by mail has a subject, text and HTML in which links are links, and the way out', async () => {
    const request = noticeTo('email', 'ann@shop.example', {
      subject: 'Play\r\nBcc: x@y.example',
      text: 'Play <here>:\nhttps://go.example/g/1?a=1&b=2.\n\nGood luck!',
    });
    await ask().send(SendNotice, request);
    await world.reached(request.deliveryId, 'sent');
    const { subject, text, html, headers } = await world.messageOf(request.deliveryId);
    expect(subject).toBe('Play Bcc: x@y.example');
    expect(text.startsWith(request.text)).toBe(true);
    expect(html).toContain(
      '<p>Play &lt;here&gt;:<br>\n<a href="https://go.example/g/1?a=1&amp;b=2">https://go.example/g/1?a=1&amp;b=2</a>.</p>',
    );
    expect(html).not.toContain('coupon');
    expect(html).toContain(headers['List-Unsubscribe'].slice(1, -1));
  });
});

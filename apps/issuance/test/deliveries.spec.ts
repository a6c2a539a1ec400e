import {
  CouponRedeemed,
  CouponVoided,
  DeliverySettled,
  GetCoupon,
  newId,
  RedemptionReversed,
  SendCoupon,
  type Coupon,
} from '@tearoff/contracts';
import { eventually, overBothTransports, times } from '@tearoff/testing';
import { World } from './world';

const ann = { phone: '+447911123456', email: 'ann@example.com' };

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ means, instances: 2, callers: 4 });
  });
  afterAll(() => world?.stop());

  const read = (coupon: Coupon): Promise<Coupon> =>
    world.ask(GetCoupon, { accountId: world.accountId, couponId: coupon.id });
  const toSend = (coupon: Coupon) =>
    world.notification.heard.toSend.filter((item) => item.couponId === coupon.id);
  const settle = (coupon: Coupon, status: 'sent' | 'failed' | 'delivered', at = new Date()) =>
    world.tell(DeliverySettled, [
      {
        deliveryId: coupon.delivery!.id,
        accountId: coupon.accountId,
        couponId: coupon.id,
        campaignId: coupon.campaignId,
        channel: coupon.delivery!.channel,
        status,
        error: null,
        at: at.toISOString(),
      },
    ]);
  const statusIs = (coupon: Coupon, status: string) =>
    eventually(async () => (await read(coupon)).delivery?.status === status);

  describe('sending', () => {
    it('names a delivery with the coupon, and the event asks for just that', async () => {
      const campaign = await world.campaign();
      const coupon = await world.coupon(campaign, ann, {
        channel: 'sms',
        message: { body: 'For you: {{url}}' },
      });
      expect(coupon.delivery).toEqual({ id: coupon.delivery!.id, channel: 'sms', status: 'queued' });
      await eventually(() => world.notification.heard.issued.some((item) => item.couponId === coupon.id));
      expect(world.notification.heard.issued.find((item) => item.couponId === coupon.id)).toMatchObject({
        channel: 'sms',
        deliveryId: coupon.delivery!.id,
        message: { body: 'For you: {{url}}' },
        recipient: ann,
      });
    });

    it('sends once however often they ask at once, and once more over another channel', async () => {
      const campaign = await world.campaign();
      const [first] = await Promise.all(times(100, () => world.coupon(campaign, ann, { channel: 'sms' })));
      const others = await Promise.all(times(100, () => world.coupon(campaign, ann, { channel: 'email' })));
      expect(new Set(others.map(({ delivery }) => delivery!.id)).size).toBe(1);
      expect(others[0].delivery).toMatchObject({ channel: 'email', status: 'queued' });
      const again = await world.coupon(campaign, ann, { channel: 'sms' });
      expect(again.delivery!.id).toBe(first.delivery!.id);
      await eventually(() => toSend(first).length > 0);
      expect(toSend(first).map(({ channel }) => channel)).toEqual(['email']);
    });

    it('sends to the number that is named, once, and else to the coupon’s own', async () => {
      const campaign = await world.campaign();
      const [own, other] = [ann.phone, '+447911123457'];
      const coupon = await world.coupon(campaign, ann);
      await world.coupon(campaign, { email: ann.email, phone: other });
      const asked: Parameters<World['issue']>[1][] = [
        { phone: other },
        { email: ann.email },
        { phone: other },
        { phone: own },
      ];
      const ids: string[] = [];
      for (const recipient of asked) {
        const again = await world.coupon(campaign, recipient, { channel: 'sms' });
        expect(again.id).toBe(coupon.id);
        ids.push(again.delivery!.id);
      }
      const [first, second] = ids;
      expect(ids).toEqual([first, second, first, second]);
      await eventually(() => toSend(coupon).length > 1);
      expect(toSend(coupon).map(({ deliveryId, recipient }) => [deliveryId, recipient])).toEqual(
        expect.arrayContaining([
          [first, { ...ann, phone: other }],
          [second, ann],
        ]),
      );
      expect(toSend(coupon)).toHaveLength(2);
      expect((await read(coupon)).recipient).toEqual(ann);
    });

    it('sends to the e-mail address that their coupon knows, unless it must not be written to', async () => {
      const campaign = await world.campaign();
      const person = { phone: '+447911123458', email: 'known@example.com' };
      const coupon = await world.coupon(campaign, person);
      const { suppressed } = world.notification.heard;
      suppressed.add(person.email);
      expect(await world.issue(campaign, { phone: person.phone }, { channel: 'email' })).toMatchObject({
        outcome: 'refused',
        reason: 'recipient.suppressed',
      });
      suppressed.delete(person.email);
      const again = await world.coupon(campaign, { phone: person.phone }, { channel: 'email' });
      expect(again).toMatchObject({ id: coupon.id, delivery: { channel: 'email', status: 'queued' } });
      await eventually(() => toSend(coupon).length > 0);
      expect(toSend(coupon)).toMatchObject([{ channel: 'email', recipient: person }]);
      const stranger = { phone: '+447911123459' };
      expect(await world.issue(campaign, stranger, { channel: 'email' })).toMatchObject({
        reason: 'recipient.no_address',
      });
      expect((await world.counts(campaign)).issued).toBe(1);
    });

    it('sends again what failed, not what arrived', async () => {
      const campaign = await world.campaign();
      const first = await world.coupon(campaign, ann, { channel: 'sms' });
      await settle(first, 'failed');
      await statusIs(first, 'failed');
      const second = await world.coupon(campaign, ann, { channel: 'sms' });
      expect(second.delivery!.id).not.toBe(first.delivery!.id);
      await settle(second, 'delivered', new Date(Date.now() + 1_000));
      await settle(second, 'sent');
      await settle(first, 'delivered', new Date(Date.now() + 5_000));
      await statusIs(second, 'delivered');
      expect((await world.coupon(campaign, ann, { channel: 'sms' })).delivery).toEqual({
        id: second.delivery!.id,
        channel: 'sms',
        status: 'delivered',
      });
    });

    it('sends over the channel asked for, every time, where they can be reached', async () => {
      const campaign = await world.campaign();
      const coupon = await world.coupon(campaign, { phone: ann.phone });
      const request = { accountId: world.accountId, couponId: coupon.id };
      const sent = await world.ask(SendCoupon, { ...request, channel: 'sms' });
      const again = await world.ask(SendCoupon, { ...request, channel: 'sms' });
      expect(again.delivery!.id).not.toBe(sent.delivery!.id);
      await eventually(() => toSend(coupon).length === 2);
      await expect(world.ask(SendCoupon, { ...request, channel: 'email' })).rejects.toMatchObject({
        code: 'recipient.no_address',
      });
      await expect(
        world.ask(SendCoupon, { ...request, couponId: newId('coupon'), channel: 'sms' }),
      ).rejects.toMatchObject({ code: 'coupon.not_found' });
    });
  });

  describe('what redemption tells', () => {
    const redeemed = (coupon: Coupon, at: string) => ({
      redemptionId: newId('redemption'),
      accountId: coupon.accountId,
      couponId: coupon.id,
      campaignId: coupon.campaignId,
      code: coupon.code,
      storeId: 'store 7',
      terminalId: null,
      channel: 'store' as const,
      transactionRef: null,
      basket: null,
      discount: null,
      redeemedAt: at,
    });
    const reversed = (coupon: Coupon, redeemedAt: string, reversedAt: string) => ({
      ...redeemed(coupon, redeemedAt),
      reversedAt,
      reason: null,
    });

    it('is the latest word, in whatever order it comes', async () => {
      const campaign = await world.campaign();
      const [one, two] = await Promise.all(
        ['one', 'two'].map((id) => world.coupon(campaign, { externalId: id })),
      );
      const [first, second, third] = ['10:00', '11:00', '12:00'].map((time) => `2026-01-01T${time}:00.000Z`);
      await world.tell(CouponRedeemed, [redeemed(one, third)]);
      await eventually(async () => (await read(one)).status === 'redeemed');
      await world.tell(RedemptionReversed, [reversed(one, first, second), reversed(two, first, second)]);
      await world.tell(CouponRedeemed, [redeemed(one, first), redeemed(two, first)]);
      await world.tell(CouponVoided, [{ ...redeemed(two, first), voidedAt: third, reason: 'a mistake' }]);
      await eventually(async () => (await read(two)).status === 'voided');
      expect(await read(one)).toMatchObject({
        status: 'redeemed',
        redeemedAt: third,
        redeemedStoreId: 'store 7',
      });
      expect(await read(two)).toMatchObject({ status: 'voided', voidedAt: third, redeemedAt: null });
      await world.tell(RedemptionReversed, [reversed(one, third, third)]);
      await eventually(async () => (await read(one)).status === 'issued');
    });

    it('leaves nothing to send of a coupon that is void', async () => {
      const campaign = await world.campaign();
      const coupon = await world.coupon(campaign, ann);
      await world.tell(CouponVoided, [
        { ...redeemed(coupon, ''), voidedAt: new Date().toISOString(), reason: null },
      ]);
      await eventually(async () => (await read(coupon)).status === 'voided');
      await expect(
        world.ask(SendCoupon, { accountId: world.accountId, couponId: coupon.id, channel: 'sms' }),
      ).rejects.toMatchObject({ code: 'coupon.not_usable' });
      expect(await world.coupon(campaign, ann, { channel: 'sms' })).toMatchObject({
        id: coupon.id,
        status: 'voided',
        delivery: null,
      });
    });
  });
});

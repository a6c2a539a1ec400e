import {
  AddSuppression,
  BulkCouponsIssued,
  ListConsents,
  ListSuppressions,
  newId,
  ReadUnsubscribe,
  RecordConsent,
  RemoveSuppression,
  SendNotice,
  Unsubscribe,
  type Channel,
  type Consent,
} from '@tearoff/contracts';
import { describeOverBothTransports } from '@tearoff/testing';
import { accountId, couponOf, noticeTo } from './builders';
import { World } from './world';

describeOverBothTransports('a person’s choice not to be written to', (means) => {
  let world: World;
  let people = 0;

  beforeAll(async () => {
    world = await World.create(means);
    await world.startInstance();
  });
  afterAll(() => world.destroy());

  const ask = () => world.issuance.messaging.commands;
  const person = () => {
    const number = String(++people).padStart(5, '0');
    return { phone: `+4479118${number}`, email: `p${number}@shop.example` };
  };
  type Person = ReturnType<typeof person>;
  const addressOf = (channel: Channel, { phone, email }: Person) => (channel === 'sms' ? phone : email);
  const suppress = (channel: Channel, holder: Person) =>
    ask().send(AddSuppression, { accountId, channel, address: addressOf(channel, holder) });
  const suppressions = async (address: string, account = accountId) =>
    (await ask().send(ListSuppressions, { accountId: account, address })).data;
  const consents = async (address: string) => (await ask().send(ListConsents, { accountId, address })).data;

  const paths: [string, (channel: Channel, holder: Person) => Promise<string>][] = [
    [
      'a coupon that is issued',
      async (channel, recipient) => {
        const coupon = couponOf(world.campaign(), { channel, recipient });
        await world.issuance.issued(coupon);
        return coupon.deliveryId;
      },
    ],
    [
      'a coupon that is sent again',
      async (channel, recipient) => {
        const coupon = couponOf(world.campaign(), { channel, recipient });
        await world.issuance.sendRequested(coupon);
        return coupon.deliveryId;
      },
    ],
    [
      'a list',
      async (channel, recipient) => {
        const coupon = couponOf(world.campaign(), { channel, recipient });
        const { source: _source, metadata: _metadata, ...item } = coupon;
        await world.issuance.tell(BulkCouponsIssued, [{ ...item, source: null, metadata: null }]);
        return coupon.deliveryId;
      },
    ],
    [
      'a notice',
      async (channel, holder) => {
        const request = noticeTo(channel, addressOf(channel, holder));
        expect(await ask().send(SendNotice, request)).toEqual({ suppressed: true });
        return request.deliveryId;
      },
    ],
  ];

  describe.each(['sms', 'email'] as const)('by %s', (channel) => {
    it.each(paths)('keeps from them: %s', async (_, send) => {
      const holder = person();
      await suppress(channel, holder);
      const id = await send(channel, holder);
      expect(await world.reached(id, 'suppressed', 'sent')).toMatchObject({
        status: 'suppressed',
        attempts: 0,
        error: null,
      });
      expect(await world.sandboxMessages(addressOf(channel, holder))).toEqual([]);
    });
  });

  it('counts for what was queued before they made it', async () => {
    const recipient = { phone: '+15005550002' };
    await world.stopInstances();
    await world.startInstance({ DELIVERY_RETRY_MS: '300' });
    const coupon = couponOf(world.campaign(), { recipient });
    await world.issuance.issued(coupon);
    await ask().send(AddSuppression, { accountId, channel: 'sms', address: recipient.phone });
    const { status } = await world.reached(coupon.deliveryId, 'suppressed', 'sent');
    expect(status).toBe('suppressed');
    expect(await world.sandboxMessages(recipient.phone)).toEqual([]);
  });

  describe('by the link in a mail', () => {
    async function mailTo(
      holder: Person,
    ): Promise<{ token: string; text: string; headers: Record<string, string> }> {
      const coupon = couponOf(world.campaign(), { channel: 'email', recipient: holder });
      await world.issuance.issued(coupon);
      await world.reached(coupon.deliveryId, 'sent');
      const { headers, text } = await world.messageOf(coupon.deliveryId);
      const [, token] = /^<https:\/\/go\.example\/u\/([\w-]+)>$/.exec(headers['List-Unsubscribe'])!;
      return { token, text, headers };
    }

    it('is one click away in every mail: the same link, which tells no one whose it is', async () => {
      const holder = person();
      const [{ token, text, headers }, again] = [await mailTo(holder), await mailTo(holder)];
      expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
      expect(text).toContain(`https://go.example/u/${token}`);
      expect(again.token).toBe(token);
      const shown = Buffer.from(token, 'base64url').toString('latin1') + token;
      for (const secret of [holder.email, holder.email.split('@')[0], accountId, accountId.slice(4)])
        expect(shown).not.toContain(secret);
      expect((await mailTo(person())).token).not.toBe(token);
    });

    it('is made by following the link and not by looking at it', async () => {
      const holder = person();
      const { token } = await mailTo(holder);
      const asked = { channel: 'email', maskedAddress: 'p•••@shop.example', unsubscribed: false };
      for (let looks = 0; looks < 3; looks++)
        expect(await ask().send(ReadUnsubscribe, { token })).toEqual(asked);
      expect(await suppressions(holder.email)).toEqual([]);

      await Promise.all(Array.from({ length: 5 }, () => ask().send(Unsubscribe, { token })));
      expect(await ask().send(ReadUnsubscribe, { token })).toEqual({ ...asked, unsubscribed: true });
      expect(await suppressions(holder.email)).toEqual([expect.objectContaining({ reason: 'opt_out' })]);
      expect(await consents(holder.email)).toEqual([
        expect.objectContaining({ kind: 'withdrawn', how: 'unsubscribe_link', channel: 'email' }),
      ]);
      expect(await suppressions(holder.phone)).toEqual([]);
      expect(await suppressions(holder.email, newId('account'))).toEqual([]);
    });

    it('can be in a text message too, for those messages alone', async () => {
      const holder = person();
      const message = { body: '{{url}} Stop: {{unsubscribeUrl}}' };
      const coupon = couponOf(world.campaign(), { recipient: holder, message });
      await world.issuance.issued(coupon);
      await world.reached(coupon.deliveryId, 'sent');
      const { text } = await world.messageOf(coupon.deliveryId);
      const token = text.split('/u/')[1];
      expect(await ask().send(ReadUnsubscribe, { token })).toEqual({
        channel: 'sms',
        maskedAddress: `•••${holder.phone.slice(-3)}`,
        unsubscribed: false,
      });
      await ask().send(Unsubscribe, { token });
      expect(await suppressions(holder.phone)).toEqual([expect.objectContaining({ channel: 'sms' })]);
      expect(await suppressions(holder.email)).toEqual([]);
    });

    it('can be made again after the account had allowed the address again', async () => {
      const holder = person();
      const { token } = await mailTo(holder);
      await ask().send(Unsubscribe, { token });
      await ask().send(RemoveSuppression, { accountId, channel: 'email', address: holder.email });
      await ask().send(Unsubscribe, { token });
      expect(await suppressions(holder.email)).toHaveLength(1);
    });

    it('outlives the process that wrote the link', async () => {
      const holder = person();
      const { token } = await mailTo(holder);
      await world.stopInstances();
      await world.startInstance();
      await ask().send(Unsubscribe, { token });
      expect(await suppressions(holder.email)).toHaveLength(1);
    });

    it('cannot be made with a link that is not ours', async () => {
      const { token } = await mailTo(person());
      const flipped = Buffer.from(token, 'base64url');
      flipped[20] ^= 1;
      const forged = [
        '',
        'a',
        'x'.repeat(120),
        token.slice(0, -2),
        `${token}A`,
        `${token}=`,
        flipped.toString('base64url'),
        Buffer.from(`e${accountId} ann@shop.example`).toString('base64url'),
      ];
      for (const each of forged) {
        expect(await ask().send(ReadUnsubscribe, { token: each })).toBeNull();
        await expect(ask().send(Unsubscribe, { token: each })).rejects.toMatchObject({
          code: 'unsubscribe.unknown_link',
          kind: 'not_found',
        });
      }
    });
  });

  describe('and their consent', () => {
    const consent = (changes: Partial<Consent> = {}): Consent => ({
      id: newId('consent'),
      accountId,
      channel: 'sms',
      address: person().phone,
      kind: 'granted',
      how: 'claim_page',
      text: 'I want offers by SMS.',
      campaignId: newId('campaign'),
      at: new Date().toISOString(),
      ...changes,
    });

    it('is kept once, as it was given, in the address’s own spelling', async () => {
      const { phone } = person();
      const given = consent({ address: `00${phone.slice(1)}` });
      await Promise.all([1, 2, 3].map(() => ask().send(RecordConsent, given)));
      await ask().send(RecordConsent, { ...given, text: 'something else' });
      expect(await consents(phone)).toEqual([{ ...given, address: phone }]);
      const stranger = await ask().send(ListConsents, { accountId: newId('account') });
      expect(stranger.data).toEqual([]);
    });

    it('that is withdrawn suppresses; that is granted by a form lifts nothing', async () => {
      const given = consent({ kind: 'withdrawn', how: 'api' });
      await ask().send(RecordConsent, given);
      await ask().send(RecordConsent, consent({ address: given.address }));
      expect(await suppressions(given.address)).toEqual([expect.objectContaining({ reason: 'opt_out' })]);
      await ask().send(RemoveSuppression, { accountId, channel: 'sms', address: given.address });
      await ask().send(RecordConsent, given);
      expect(await suppressions(given.address)).toEqual([]);
    });

    it('is listed newest first, page by page, by channel and address', async () => {
      const { email } = person();
      const all = Array.from({ length: 5 }, () => consent({ channel: 'email', address: email }));
      for (const each of all) await ask().send(RecordConsent, each);
      const first = await ask().send(ListConsents, { accountId, address: email.toUpperCase(), limit: 3 });
      const cursor = first.nextCursor!;
      const second = await ask().send(ListConsents, { accountId, address: email, limit: 3, cursor });
      const newestFirst = all
        .map(({ id }) => id)
        .sort()
        .reverse();
      expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(newestFirst);
      expect(second.nextCursor).toBeNull();
      expect((await ask().send(ListConsents, { accountId, channel: 'sms' })).data).not.toContainEqual(
        expect.objectContaining({ channel: 'email' }),
      );
      for (const wrong of ['', 'dlv_0000000000'])
        await expect(ask().send(ListConsents, { accountId, cursor: wrong })).rejects.toMatchObject({
          code: 'request.invalid_cursor',
        });
      await expect(ask().send(RecordConsent, consent({ address: '0711' }))).rejects.toMatchObject({
        code: 'recipient.invalid_phone',
      });
    });
  });
});

import { inbound, signatureEnv, signedJson, signedQuery } from '../../apps/notification/test/vonage-signed';
import { admin, eventually, onBothTransports, startSystem, type System } from './system';

type Callback = ReturnType<typeof signedJson>;

onBothTransports('what comes back from her and from the provider', (transport) => {
  let system: System;
  let campaignId: string;

  beforeAll(async () => {
    system = await startSystem(transport, signatureEnv);
    const { body } = await system.post('/v1/campaigns', { name: 'Opt-out', content: { title: 'A bun' } });
    campaignId = body.id;
  });
  afterAll(() => system?.stop());

  const issue = (recipient: object, channel: string) =>
    system.post('/v1/coupons', { campaignId, recipient, channel }, { prefer: 'wait=10' });
  const deliveryOf = async (couponId: string) =>
    (await system.get(`/v1/deliveries?couponId=${couponId}`)).body.data[0];
  /** The callback as the vendor would send it. */
  const tell = ({ kind, authorization, contentType, query, body }: Callback) => {
    const search = new URLSearchParams(query).toString();
    return system.call(body ? 'POST' : 'GET', `/callbacks/vonage/${kind}${search && `?${search}`}`, {
      as: null,
      ...(body && { raw: body }),
      headers: { ...(body && { 'content-type': contentType }), ...(authorization && { authorization }) },
    });
  };

  it('a signed status makes the delivery delivered, a forged one changes nothing', async () => {
    const { body: coupon } = await issue({ phone: '+447400300001' }, 'sms');
    const sent = await deliveryOf(coupon.id);
    expect(sent.status).toBe('sent');
    const told = signedJson('status', {
      message_uuid: sent.providerMessageId,
      // Not ASCII, and escaped: the signature is over the bytes that came.
      note: 'Grüße "\u2028" 🎉',
      to: '447400300001',
      status: 'delivered',
      timestamp: new Date().toISOString(),
      client_ref: sent.id,
    });
    for (const forged of [
      { ...told, authorization: null },
      { ...told, authorization: 'Bearer a.b.c' },
      { ...told, body: `${told.body}\n` },
    ]) {
      const answer = await tell(forged);
      expect(answer).toMatchObject({ status: 401, body: { code: 'auth.invalid', status: 401 } });
    }
    expect(await deliveryOf(coupon.id)).toEqual(sent);
    expect(await tell(told)).toMatchObject({ status: 200, body: '' });
    expect(await tell(told)).toMatchObject({ status: 200 });
    expect(await deliveryOf(coupon.id)).toMatchObject({ status: 'delivered', error: null });
    await eventually(async () => {
      const { body } = await system.get(`/v1/coupons/${coupon.id}`);
      expect(body.delivery.status).toBe('delivered');
    });
  });

  it('STOP ends it for every way to send, is answered once, and START takes it back', async () => {
    const phone = '+447400300002';
    const { body: coupon } = await issue({ phone }, 'sms');
    expect((await tell(inbound(phone, 'Stop'))).status).toBe(200);
    const again = await issue({ phone: '0044 7400 300002' }, 'sms');
    expect(again).toMatchObject({ status: 409, body: { code: 'recipient.suppressed' } });
    const resent = await system.post(`/v1/coupons/${coupon.id}/send`, { channel: 'sms' });
    expect(resent).toMatchObject({ status: 409, body: { code: 'recipient.suppressed' } });
    const consents = await system.get(`/v1/consents?channel=sms&address=${encodeURIComponent(phone)}`);
    expect(consents.body.data).toEqual([
      expect.objectContaining({ kind: 'withdrawn', how: 'keyword', text: 'Stop', address: phone }),
    ]);
    expect(consents.body.data[0]).not.toHaveProperty('accountId');

    const inbox = async () => {
      const { body } = await system.get(`/v1/sandbox/messages?to=${encodeURIComponent(phone)}`);
      return (body.data as { text: string }[])
        .map(({ text }) => text)
        .filter((text) => !text.includes('http'));
    };
    await eventually(async () => expect(await inbox()).toHaveLength(1));
    const start = signedQuery('inbound', {
      msisdn: '447400300002',
      to: '447700900000',
      messageId: 'start-1',
      text: 'START',
      keyword: 'START',
      type: 'text',
    });
    expect((await tell(start)).status).toBe(200);
    expect((await system.post(`/v1/coupons/${coupon.id}/send`, { channel: 'sms' })).status).toBeLessThan(300);
    expect(await inbox()).toHaveLength(1);
  });

  it.each([
    ['sms', '0044 7700 900123', { phone: '+447700900123' }],
    ['email', 'Ann@BÜCHER.example', { email: 'ann@bu\u0308cher.example' }],
    ['email', 'bob@xn--bcher-kva.example', { email: 'Bob@bücher.example' }],
  ])('a suppression of %s holds in any spelling: %s', async (channel, address, recipient) => {
    expect((await system.post('/v1/suppressions', { channel, address })).status).toBe(201);
    expect(await issue(recipient, channel)).toMatchObject({
      status: 409,
      body: { code: 'recipient.suppressed' },
    });
  });

  it('one click on the link of a mail ends the mails; opening it does not', async () => {
    const email = 'ann@optout.example';
    const { body: coupon } = await issue({ email }, 'email');
    const { body: inbox } = await system.get(`/v1/sandbox/messages?to=${email}`);
    const link = /^<https?:\/\/[^/]+(\/u\/[^>]+)>$/.exec(inbox.data[0].headers['List-Unsubscribe'])![1];
    const visit = (init: RequestInit = {}) => fetch(system.url + link, { redirect: 'manual', ...init });

    for (const method of ['GET', 'HEAD', 'GET']) {
      const answer = await visit({ method });
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
      if (method === 'GET') expect(await answer.text()).toContain('a•••@optout.example');
    }
    expect((await system.get('/v1/suppressions')).body.data).not.toContainEqual(
      expect.objectContaining({ address: email }),
    );
    expect((await visit({ method: 'PUT' })).status).toBe(405);

    const click = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
    const answers = await Promise.all([visit(click), visit(click), visit(click)]);
    expect(answers.map(({ status, redirected }) => [status, redirected])).toEqual(
      Array(3).fill([200, false]),
    );
    expect(await answers[0].text()).toContain('You are unsubscribed');
    const suppressed = await system.get(`/v1/suppressions?address=${email}`);
    expect(suppressed.body.data).toEqual([expect.objectContaining({ channel: 'email', reason: 'opt_out' })]);
    expect(await system.post(`/v1/coupons/${coupon.id}/send`, { channel: 'email' })).toMatchObject({
      status: 409,
      body: { code: 'recipient.suppressed' },
    });
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    expect((await visit({ method: 'POST', body: form })).status).toBe(200);
  });

  it('anything else that is sent there is refused, and never our fault', async () => {
    const post = (path: string, raw: string, headers: Record<string, string> = {}) =>
      system.call('POST', path, { as: null, raw, headers });
    const status = '/callbacks/vonage/status';
    const tries: [number, Promise<{ status: number }>][] = [
      [401, post(status, '{', { 'content-type': 'application/json' })],
      [401, post(status, '\0'.repeat(100), { 'content-type': 'application/octet-stream' })],
      [401, post(status, '', { authorization: `Bearer ${'a'.repeat(9_000)}` })],
      [413, post(status, 'x'.repeat(200_000), { 'content-type': 'application/json' })],
      [413, post(status, 'x'.repeat(200_000), { 'content-type': 'text/plain' })],
      [415, post(status, 'x', { 'content-encoding': 'gzip', 'content-type': 'application/json' })],
      [404, post('/callbacks/vonage/other', '{}')],
      [404, post('/callbacks/pigeon/status', '{}', { 'content-type': 'application/json' })],
      [405, system.call('DELETE', status, { as: null })],
      [404, system.call('GET', '/u/nobody', { as: null })],
      [404, system.call('GET', `/u/${'a'.repeat(400)}`, { as: null })],
      [400, post('/u/%ff', '')],
      [404, post('/u/%00', '')],
      [404, post(`/u/${'%F0%9F%92%B8'}`, 'List-Unsubscribe=One-Click')],
      [
        415,
        post('/v1/campaigns', 'name=x', {
          'content-type': 'application/x-www-form-urlencoded',
          'x-client-id': 'e2e',
          'x-client-secret': admin['x-client-secret'],
        }),
      ],
    ];
    for (const [index, [expected, answer]] of tries.entries())
      expect([index, (await answer).status]).toEqual([index, expected]);
  });
});

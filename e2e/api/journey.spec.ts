import { onBothTransports, startSystem, type System } from './system';

onBothTransports('the main job', (transport) => {
  let system: System;
  let campaignId: string;

  beforeAll(async () => {
    system = await startSystem(transport);
    const { status, body } = await system.post('/v1/campaigns', {
      name: 'Welcome',
      content: { title: '20 % off' },
      discount: { kind: 'percent', value: 20 },
      timezone: 'Europe/London',
      validity: { daysAfterIssue: 5 },
      messages: { sms: { body: 'Hi {{ firstName }}, here it is: {{ url }}' } },
    });
    expect(status).toBe(201);
    campaignId = body.id;
  });
  afterAll(() => system?.stop());

  const issue = async (recipient: object, more: object = {}) => {
    const answer = await system.post('/v1/coupons', { campaignId, recipient, ...more });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  };

  it('a coupon goes out by SMS, is validated, redeemed once, refused, reversed and redeemed again', async () => {
    const {
      status,
      body: coupon,
      headers,
    } = await system.post(
      '/v1/coupons',
      { campaignId, recipient: { phone: '07400 111222', country: 'GB', firstName: 'Ann' }, channel: 'sms' },
      { prefer: 'wait=10' },
    );
    expect(status).toBe(201);
    expect(headers.get('preference-applied')).toBe('wait=10');
    expect(Object.keys(coupon).sort()).toEqual(
      [
        'campaignId',
        'code',
        'delivery',
        'id',
        'issuedAt',
        'recipient',
        'redeemedAt',
        'repeated',
        'status',
        'url',
        'validFrom',
        'validTo',
      ].sort(),
    );
    expect(coupon).toMatchObject({
      campaignId,
      status: 'issued',
      repeated: false,
      redeemedAt: null,
      recipient: { phone: '+447400111222', firstName: 'Ann' },
      delivery: { channel: 'sms', status: 'sent' },
    });
    expect(coupon.id).toMatch(/^cpn_/);
    expect(coupon.url.startsWith(`${system.url}/c/`)).toBe(true);
    expect(coupon.url).not.toContain(coupon.code);
    expect(coupon.validTo).toMatch(/T(22|23):59:59/);

    const inbox = await system.get('/v1/sandbox/messages?to=%2B447400111222');
    expect(inbox.body.data[0]).toMatchObject({ channel: 'sms', text: `Hi Ann, here it is: ${coupon.url}` });
    expect(await system.get(`/v1/deliveries?couponId=${coupon.id}`)).toMatchObject({
      body: {
        data: [
          { id: coupon.delivery.id, to: '+447400111222', status: 'sent', provider: 'sandbox', attempts: 1 },
        ],
      },
    });

    const again = await system.post('/v1/coupons', {
      campaignId,
      recipient: { phone: '+44 7400-111-222' },
      channel: 'sms',
    });
    expect(again).toMatchObject({ status: 200, body: { id: coupon.id, code: coupon.code, repeated: true } });

    const basket = { total: 4250, currency: 'GBP' };
    const question = { code: coupon.code, basket };
    expect(await system.post('/v1/validations', question)).toMatchObject({
      status: 200,
      body: {
        valid: true,
        reason: null,
        campaignId,
        content: { title: '20 % off' },
        discount: { kind: 'percent', value: 20, amount: 850 },
        validTo: coupon.validTo,
      },
    });

    const till = { ...question, transactionRef: 'r-1', terminalId: 't-1' };
    const redeemed = await system.post('/v1/redemptions', till);
    expect(redeemed).toMatchObject({
      status: 201,
      body: {
        code: coupon.code,
        couponId: coupon.id,
        campaignId,
        transactionRef: 'r-1',
        discount: { amount: 850 },
      },
    });
    expect(redeemed.body.id).toMatch(/^red_/);
    expect(await system.post('/v1/redemptions', till)).toMatchObject({
      status: 200,
      body: { id: redeemed.body.id },
    });
    const { redeemedAt } = redeemed.body;
    expect(await system.post('/v1/redemptions', { ...till, transactionRef: 'r-2' })).toMatchObject({
      status: 409,
      body: { code: 'coupon.already_redeemed', redeemedAt, storeId: null },
    });
    expect(await system.get(`/v1/coupons/${coupon.id}`)).toMatchObject({
      body: { status: 'redeemed', redeemedAt },
    });
    expect(await system.post('/v1/validations', question)).toMatchObject({
      status: 200,
      body: { valid: false, reason: 'already_redeemed', redeemedAt },
    });

    const path = `/v1/redemptions/${redeemed.body.id}/reverse`;
    expect(await system.post(path, { reason: 'returned' })).toMatchObject({
      status: 200,
      body: { reverseReason: 'returned' },
    });
    expect(await system.post(path)).toMatchObject({
      status: 409,
      body: { code: 'redemption.already_reversed' },
    });
    expect(await system.get(`/v1/coupons/${coupon.id}`)).toMatchObject({
      body: { status: 'issued', redeemedAt: null },
    });
    // A late retry of the network is answered what became of it, and burns nothing.
    expect(await system.post('/v1/redemptions', till)).toMatchObject({
      status: 200,
      body: { id: redeemed.body.id, reversedAt: expect.any(String), reverseReason: 'returned' },
    });
    const second = await system.post('/v1/redemptions', { ...till, transactionRef: 'r-3' });
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(redeemed.body.id);
    const history = await system.get(`/v1/redemptions?code=${coupon.code}`);
    expect(history.body.data.map(({ id }: { id: string }) => id)).toEqual([second.body.id, redeemed.body.id]);
  });

  it('a basket of another currency or below the minimum is refused, with what is missing', async () => {
    const campaign = {
      name: 'Five euros off',
      discount: { kind: 'amount', value: 500, currency: 'EUR' },
      redemption: { minBasket: 2_000 },
    };
    const made = await system.post('/v1/campaigns', campaign);
    const { body: coupon } = await system.post('/v1/coupons', {
      campaignId: made.body.id,
      recipient: { externalId: 'yen' },
    });
    const { code } = coupon;
    const minBasket = { amount: 2_000, currency: 'EUR' };
    const yen = { code, basket: { total: 2_500, currency: 'JPY' } };
    for (const path of ['/v1/redemptions', '/v1/reservations'])
      expect(await system.post(path, yen)).toMatchObject({
        status: 409,
        body: { code: 'coupon.wrong_currency', minBasket },
      });
    expect(await system.post('/v1/validations', yen)).toMatchObject({
      status: 200,
      body: { valid: false, reason: 'wrong_currency', minBasket, missing: null },
    });
    const small = { code, basket: { total: 1_400, currency: 'EUR' } };
    expect(await system.post('/v1/redemptions', small)).toMatchObject({
      status: 409,
      body: { code: 'coupon.min_basket', minBasket, missing: { amount: 600, currency: 'EUR' } },
    });
    const unknown = { code, basket: { total: 2_500, currency: 'ZZZ' } };
    for (const path of ['/v1/redemptions', '/v1/reservations', '/v1/validations'])
      expect(await system.post(path, unknown)).toMatchObject({
        status: 400,
        body: { code: 'request.invalid', errors: [{ path: '/basket/currency' }] },
      });
    expect(await system.post('/v1/redemptions', { code, basket: { total: 2_500 } })).toMatchObject({
      status: 201,
      body: { discount: { amount: 500, currency: 'EUR' } },
    });
    const { discount: _, ...free } = campaign;
    expect(await system.post('/v1/campaigns', free)).toMatchObject({
      status: 422,
      body: { code: 'campaign.invalid', errors: [{ path: '/redemption/currency' }] },
    });
    expect(
      (await system.post('/v1/campaigns', { ...free, redemption: { minBasket: 2_000, currency: 'EUR' } }))
        .status,
    ).toBe(201);
  });

  it('of fifty tills at once one redeems', async () => {
    const { code } = await issue({ externalId: 'fifty' });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        system.post('/v1/redemptions', { code, transactionRef: `t-${i}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(
      answers.filter(({ status, body }) => status === 409 && body.code === 'coupon.already_redeemed'),
    ).toHaveLength(49);
  });

  it('of fifty requests for one person one makes a coupon', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        system.post('/v1/coupons', { campaignId, recipient: { phone: '+447400333444' } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(49);
    expect(new Set(answers.map(({ body }) => body.code)).size).toBe(1);
  });

  it('a till reserves, another is refused, the first redeems; a reservation is let go', async () => {
    const { code } = await issue({ externalId: 'reserved' });
    const held = await system.post('/v1/reservations', { code, storeId: 'a', ttlSeconds: 60 });
    expect(held).toMatchObject({ status: 201, body: { code } });
    expect(held.body.id).toMatch(/^res_/);
    expect(await system.post('/v1/redemptions', { code })).toMatchObject({
      status: 409,
      body: { code: 'coupon.reserved' },
    });
    expect(await system.post('/v1/redemptions', { reservationId: held.body.id })).toMatchObject({
      status: 201,
      body: { code },
    });
    const other = await issue({ externalId: 'let-go' });
    const { body } = await system.post('/v1/reservations', { code: other.code });
    expect((await system.call('DELETE', `/v1/reservations/${body.id}`)).status).toBe(204);
    expect((await system.call('DELETE', `/v1/reservations/${body.id}`)).body.code).toBe(
      'reservation.not_found',
    );
    expect((await system.post('/v1/redemptions', { code: other.code })).status).toBe(201);
  });
});

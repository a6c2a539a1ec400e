import { eventually, onBothTransports, startSystem, type System } from './system';

onBothTransports('coupons', (transport) => {
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

  it('a coupon is for its stores alone, and the store is named', async () => {
    const store = await system.post('/v1/stores', { id: 'strand', name: 'Strand' });
    expect(store).toMatchObject({ status: 201, body: { id: 'strand', name: 'Strand' } });
    expect((await system.post('/v1/stores', { id: 'strand', name: 'Again' })).body.code).toBe('store.exists');
    const { body: campaign } = await system.post('/v1/campaigns', {
      name: 'Local',
      redemption: { storeIds: ['strand'] },
    });
    const coupon = await system.post('/v1/coupons', {
      campaignId: campaign.id,
      recipient: { email: 'Ann@Example.com' },
    });
    const { code } = coupon.body;
    expect(coupon.body.recipient.email).toBe('ann@example.com');
    expect((await system.post('/v1/redemptions', { code, storeId: 'soho' })).body.code).toBe(
      'coupon.wrong_store',
    );
    expect((await system.post('/v1/redemptions', { code, storeId: 'strand' })).body.storeId).toBe('strand');
    expect((await system.get('/v1/stores')).body.data.map(({ id }: { id: string }) => id)).toContain(
      'strand',
    );
  });

  it('a voided coupon is refused, and a redeemed one cannot be voided', async () => {
    const coupon = await issue({ externalId: 'voided' });
    const voided = await system.post(`/v1/coupons/${coupon.id}/void`, { reason: 'mistake' });
    expect(voided).toMatchObject({ status: 200, body: { id: coupon.id, status: 'voided' } });
    expect((await system.post(`/v1/coupons/${coupon.id}/void`)).status).toBe(200);
    expect((await system.post('/v1/redemptions', { code: coupon.code })).body.code).toBe('coupon.voided');
    const spent = await issue({ externalId: 'spent' });
    await system.post('/v1/redemptions', { code: spent.code });
    expect(await system.post(`/v1/coupons/${spent.id}/void`)).toMatchObject({
      status: 409,
      body: { code: 'coupon.already_redeemed' },
    });
  });

  it('a coupon is sent again by e-mail', async () => {
    const coupon = await issue({ phone: '+447400555666', email: 'both@example.com' });
    const sent = await system.post(
      `/v1/coupons/${coupon.id}/send`,
      { channel: 'email' },
      { prefer: 'wait=10' },
    );
    expect(sent).toMatchObject({
      status: 202,
      body: { id: coupon.id, delivery: { channel: 'email', status: 'sent' } },
    });
    const { body } = await system.get('/v1/sandbox/messages?to=both@example.com');
    expect(body.data).toHaveLength(1);
    expect(body.data[0].text).toContain(coupon.url);
    expect(body.data[0].html).toContain(coupon.url);
  });

  it("waiting tells the failure of a delivery in the provider's words", async () => {
    const { status, body } = await system.post(
      '/v1/coupons',
      { campaignId, recipient: { phone: '+15005550001' }, channel: 'sms' },
      { prefer: 'wait=20' },
    );
    expect(status).toBe(201);
    expect(body.delivery).toMatchObject({ channel: 'sms', status: 'failed' });
    expect(body.delivery.error).toEqual(expect.any(String));
    expect(await system.get(`/v1/deliveries?couponId=${body.id}&status=failed`)).toMatchObject({
      body: { data: [{ error: body.delivery.error }] },
    });
  });

  it('a suppressed address is not written to until it is allowed again', async () => {
    const suppression = { channel: 'sms', address: '+44 7400 777 888', reason: 'opt_out' };
    expect(await system.post('/v1/suppressions', suppression)).toMatchObject({
      status: 201,
      body: { address: '+447400777888' },
    });
    const request = { campaignId, recipient: { phone: '+447400777888' }, channel: 'sms' };
    expect(await system.post('/v1/coupons', request)).toMatchObject({
      status: 409,
      body: { code: 'recipient.suppressed' },
    });
    const path = '/v1/suppressions?channel=sms&address=+447400777888';
    expect((await system.call('DELETE', path)).status).toBe(204);
    expect((await system.call('DELETE', path)).body.code).toBe('suppression.not_found');
    expect((await system.post('/v1/coupons', request)).status).toBe(201);
  });

  it('coupons are found by code, phone, e-mail, campaign and status', async () => {
    const coupon = await issue({ phone: '+447400121212', email: 'find@example.com' });
    for (const query of [
      `code=${coupon.code.toLowerCase()}`,
      'phone=%2B44 7400 121212',
      'phone=+447400121212',
      'email=FIND@example.com',
    ]) {
      const { body } = await system.get(`/v1/coupons?${query}`);
      expect([query, body.data.map(({ id }: { id: string }) => id)]).toEqual([query, [coupon.id]]);
      expect(body.data[0]).not.toHaveProperty('token');
    }
    await system.post('/v1/redemptions', { code: coupon.code });
    await eventually(async () => {
      const { body } = await system.get(`/v1/coupons?campaignId=${campaignId}&status=redeemed&limit=500`);
      expect(body.data.map(({ id }: { id: string }) => id)).toContain(coupon.id);
    });
  });

  it('a campaign is changed by a merge patch, which shows on coupons already out', async () => {
    const { body: campaign } = await system.post('/v1/campaigns', {
      name: 'Patch me',
      content: { title: 'Old', terms: 'Some' },
      redemption: { weekdays: ['mon', 'Sunday', 3] },
      limits: { perRecipient: null },
    });
    expect(campaign.redemption.weekdays).toEqual([1, 3, 7]);
    expect(campaign.limits.perRecipient).toBeNull();
    const patched = await system.call('PATCH', `/v1/campaigns/${campaign.id}`, {
      body: { content: { title: 'New', terms: null }, redemption: { weekdays: [] } },
    });
    expect(patched).toMatchObject({ status: 200, body: { name: 'Patch me', content: { title: 'New' } } });
    expect(patched.body.content).not.toHaveProperty('terms');
    expect(await system.get(`/v1/campaigns/${campaign.id}`)).toMatchObject({
      body: { content: { title: 'New' }, issued: 0 },
    });
    expect((await system.get('/v1/campaigns?status=active')).body.data[0].id).toBe(campaign.id);
    const wrong = await system.post('/v1/campaigns', { name: 'x', timezone: 'Europe/Atlantis' });
    expect(wrong).toMatchObject({ status: 422, body: { code: 'campaign.invalid' } });
    expect(wrong.body.errors[0].path).toMatch(/timezone$/);
  });

  it('a total is a total', async () => {
    const { body } = await system.post('/v1/campaigns', { name: 'Ten', limits: { total: 10 } });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        system.post('/v1/coupons', { campaignId: body.id, recipient: { externalId: `e${i}` } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.filter(({ body: refused }) => refused.code === 'campaign.exhausted')).toHaveLength(20);
  });
});

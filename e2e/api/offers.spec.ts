import { onBothTransports, startSystem, type System } from './system';

onBothTransports('offers', (transport) => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem(transport);
  });
  afterAll(() => system?.stop());

  const campaign = async (changes: object): Promise<string> => {
    const { status, body } = await system.post('/v1/campaigns', {
      name: 'Birthday',
      content: { title: 'Your surprise', terms: 'Once.' },
      discount: { kind: 'percent', value: 5 },
      ...changes,
    });
    expect(status).toBe(201);
    return body.id as string;
  };

  it('a drawn offer is what the message, the page and the till say', async () => {
    const offers = [
      { id: 'cake', content: { title: 'A whole cake' }, discount: { kind: 'percent', value: 40 } },
      { id: 'none', content: { title: 'Nothing' }, weight: 0 },
    ];
    const campaignId = await campaign({ type: 'mystery', offers });
    const ask = { campaignId, recipient: { phone: '+447400111333' }, channel: 'sms' };
    const { status, body: coupon } = await system.post('/v1/coupons', ask, { prefer: 'wait=10' });
    expect([status, coupon.offerId, coupon.delivery.status]).toEqual([201, 'cake', 'sent']);
    const inbox = await system.get('/v1/sandbox/messages?to=%2B447400111333');
    expect(inbox.body.data[0].text).toBe(`A whole cake: ${coupon.url}`);
    const face = await (await fetch(coupon.url)).text();
    expect(face).toContain('A whole cake');
    expect(face).toContain('40% off');
    expect(face).not.toContain('Your surprise');
    const basket = { total: 1_000, currency: 'GBP' };
    const validation = await system.post('/v1/validations', { code: coupon.code, basket });
    expect(validation.body).toMatchObject({
      valid: true,
      content: { title: 'A whole cake', terms: 'Once.' },
      discount: { kind: 'percent', value: 40, amount: 400 },
    });
    const redemption = await system.post('/v1/redemptions', { code: coupon.code, basket });
    expect(redemption.body).toMatchObject({ discount: { amount: 400 } });
    expect((await system.post('/v1/coupons', ask)).body).toMatchObject({ id: coupon.id, repeated: true });
  });

  it('are refused where they cannot be had', async () => {
    const recipient = { externalId: 'ann' };
    const answer = async (type: string, offerId?: string) => {
      const campaignId = await campaign({
        type,
        offers: [{ id: 'cake', total: 0 }],
        ...(type === 'game' && { game: { winChance: 1, per: 'day' } }),
      });
      const { status, body } = await system.post('/v1/coupons', {
        campaignId,
        recipient,
        ...(offerId && { offerId }),
      });
      return [status, body.code];
    };
    expect(await answer('choice')).toEqual([422, 'offer.required']);
    expect(await answer('choice', 'tea')).toEqual([422, 'offer.not_found']);
    expect(await answer('choice', 'cake')).toEqual([409, 'offer.exhausted']);
    expect(await answer('mystery')).toEqual([409, 'campaign.exhausted']);
    expect(await answer('mystery', 'cake')).toEqual([422, 'offer.not_allowed']);
    expect(await answer('game')).toEqual([409, 'campaign.is_game']);
  });
});

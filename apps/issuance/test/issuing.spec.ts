import { hasValidCheckCharacter, newId, normaliseCode } from '@tearoff/contracts';
import { eventually, overBothTransports } from '@tearoff/testing';
import { couponIn, World } from './world';

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ means });
  });
  afterAll(() => world?.stop());

  it('gives a person a coupon and tells of it', async () => {
    const campaign = await world.campaign({ content: { title: 'A coffee' } });
    const outcome = await world.issue(
      campaign,
      { phone: '07911 123456', country: 'GB', firstName: 'Ann' },
      { source: { medium: 'ad', site: 'example.com' }, metadata: { order: 7 } },
    );
    const coupon = couponIn(outcome);
    expect(outcome.outcome).toBe('issued');
    expect(coupon).toMatchObject({
      accountId: world.accountId,
      campaignId: campaign.id,
      status: 'issued',
      recipient: { phone: '+447911123456', firstName: 'Ann', country: 'GB' },
      channel: 'none',
      source: { medium: 'ad', site: 'example.com' },
      metadata: { order: 7 },
      validTo: null,
      delivery: null,
    });
    expect(coupon.code).toHaveLength(12);
    expect(hasValidCheckCharacter(normaliseCode(coupon.code))).toBe(true);
    expect(coupon.token).toMatch(/^[\w-]{22}$/);
    expect(await world.counts(campaign)).toMatchObject({ issued: 1, stock: null });
    await eventually(() => world.notification.heard.issued.some((item) => item.couponId === coupon.id));
    expect(world.notification.heard.issued.find((item) => item.couponId === coupon.id)).toMatchObject({
      code: coupon.code,
      token: coupon.token,
      campaignVersion: 1,
      channel: 'none',
      deliveryId: null,
      metadata: { order: 7 },
    });
  });

  it('gives the same coupon to the same person, however they spell their number', async () => {
    const campaign = await world.campaign();
    const first = await world.coupon(campaign, { phone: '+44 7911 123456' });
    for (const phone of ['+447911123456', '0044 7911-123456', '+44 (0)7911 123456', ' +44.7911.123456 ']) {
      const again = await world.issue(campaign, { phone });
      expect([again.outcome, couponIn(again).id]).toEqual(['repeated', first.id]);
    }
  });

  it('does not know the campaigns of another account', async () => {
    const campaign = await world.campaign({}, newId('account'));
    expect(await world.issue(campaign, { email: 'ann@example.com' })).toMatchObject({
      outcome: 'refused',
      reason: 'campaign.not_found',
    });
  });
});

import type { CampaignInput, IssueRequest } from '@tearoff/contracts';
import { tally } from '@tearoff/testing';
import { World } from './world';

describe('refusals', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world?.stop());

  const ann = { email: 'ann@example.com' };
  const reasonFor = async (
    campaign: Partial<CampaignInput>,
    recipient: IssueRequest['recipient'],
    rest: Partial<IssueRequest> = {},
  ): Promise<string> =>
    Object.keys(tally([await world.issue(await world.campaign(campaign), recipient, rest)]))[0];

  const game: Partial<CampaignInput> = {
    type: 'game',
    offers: [{ id: 'tea' }],
    game: { winChance: 1, per: 'day' },
  };

  it.each<[string, Partial<CampaignInput>, IssueRequest['recipient'], Partial<IssueRequest>]>([
    ['campaign.not_active', { status: 'draft' }, ann, {}],
    ['campaign.not_active', { status: 'paused' }, ann, {}],
    ['campaign.ended', { status: 'ended' }, ann, {}],
    ['campaign.ended', { validity: { endsAt: '2020-01-01T00:00:00Z' } }, ann, {}],
    ['campaign.ended', { status: 'ended' }, { phone: '12' }, {}],
    ['campaign.exhausted', { limits: { total: 0 } }, ann, {}],
    ['campaign.exhausted', { codes: { source: 'imported' } }, ann, {}],
    ['recipient.missing', {}, { firstName: 'Ann' }, {}],
    ['recipient.missing', {}, { externalId: '  ' }, {}],
    ['recipient.invalid_phone', {}, { phone: '+44 7911 12345' }, {}],
    ['recipient.invalid_phone', {}, { phone: '07911 123456' }, {}],
    ['recipient.invalid_phone', {}, { phone: "'; drop table coupon; --" }, {}],
    ['recipient.invalid_email', {}, { email: 'ann@localhost' }, {}],
    ['recipient.invalid_email', {}, { email: 'ann at example.com' }, {}],
    ['recipient.no_address', {}, ann, { channel: 'sms' }],
    ['recipient.no_address', {}, { externalId: 'ann' }, { channel: 'email' }],
    ['offer.not_found', {}, ann, { offerId: 'none' }],
    ['offer.not_found', { type: 'choice', offers: [{ id: 'tea' }] }, ann, { offerId: 'none' }],
    ['offer.required', { type: 'choice', offers: [{ id: 'tea' }] }, ann, {}],
    ['offer.exhausted', { type: 'choice', offers: [{ id: 'tea', total: 0 }] }, ann, { offerId: 'tea' }],
    ['offer.exhausted', { offers: [{ id: 'tea', total: 0 }] }, ann, { offerId: 'tea' }],
    ['offer.not_allowed', { type: 'mystery', offers: [{ id: 'tea' }] }, ann, { offerId: 'tea' }],
    ['campaign.exhausted', { type: 'mystery', offers: [{ weight: 0 }, { total: 0 }] }, ann, {}],
    ['campaign.is_game', game, ann, {}],
    ['campaign.is_game', game, ann, { offerId: 'tea' }],
  ])('answers %s to %j for %j %j', async (reason, campaign, recipient, rest) => {
    expect(await reasonFor(campaign, recipient, rest)).toBe(reason);
  });

  it('knows no campaign by a name that could be none', async () => {
    expect(tally([await world.issue({ id: 'cam_\0' }, ann)])).toEqual({ 'campaign.not_found': 1 });
  });

  it('keeps text that the database could not', async () => {
    const campaign = await world.campaign({ name: 'Spring\0' });
    const coupon = await world.coupon(
      campaign,
      { externalId: 'a\0nn', firstName: 'A\ud800nn' },
      { metadata: { note: 'x\0y' } },
    );
    expect([campaign.name, coupon.recipient, coupon.metadata]).toEqual([
      'Spring',
      { externalId: 'ann', firstName: 'A\ufffdnn' },
      { note: 'xy' },
    ]);
  });

  it('refuses an address that must not be written to, unless nothing is to be written', async () => {
    world.notification.heard.suppressed.add('+447911123456');
    const campaign = await world.campaign();
    const recipient = { phone: '07911 123456', country: 'GB' };
    expect(tally([await world.issue(campaign, recipient, { channel: 'sms' })])).toEqual({
      'recipient.suppressed': 1,
    });
    expect(tally([await world.issue(campaign, recipient)])).toEqual({ issued: 1 });
  });
});

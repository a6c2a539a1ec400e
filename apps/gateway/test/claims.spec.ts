import { IssueCoupon, RecordConsent, SendCoupon, unavailable } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { aCoupon } from '../src/pages/test/fixtures';
import { ClaimsWorld, origin } from './claims.world';

let world: ClaimsWorld;
beforeAll(async () => {
  world = await ClaimsWorld.start();
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.harness.others.reset();
  world.sent.length = 0;
  world.answer();
});

const issues = () => world.harness.others.askedFor(IssueCoupon);
const sameButTrace = ({ status, body, headers }: Awaited<ReturnType<ClaimsWorld['claim']>>) => ({
  status,
  body,
  headers: [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)),
});

describe('a claim', () => {
  it('is taken, and the coupon goes to their phone with where they came from', async () => {
    const campaign = world.campaign({ consent: 'Send me offers.' });
    const source = { site: 'news.example', ad: 'spring' };
    const answer = await world.claim(campaign, { consent: true, source });
    expect(answer).toMatchObject({ status: 202, body: { status: 'accepted' } });
    expect(Object.keys(answer.body)).toEqual(['status']);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('set-cookie')).toBeNull();
    await world.settled();
    expect(issues()).toMatchObject([
      { campaignId: campaign.id, channel: 'sms', recipient: { phone: '+447400123456' }, source },
    ]);
    expect(world.harness.others.askedFor(RecordConsent)).toMatchObject([
      { kind: 'granted', how: 'widget', text: 'Send me offers.', address: '+447400123456' },
    ]);
  });

  it.each([
    ['Your outboundMessage waits at http://evil.example', undefined],
    ['evil.example', undefined],
    ['evil．example/pay', undefined],
    ['A'.repeat(41), undefined],
    ['Ann\n\nBank: call us', undefined],
    ['{{ url }}', undefined],
    ['Zoë-Mae O’Neil Jr.', 'Zoë-Mae O’Neil Jr.'],
    ['J. R. R.', 'J. R. R.'],
    ['Оксана', 'Оксана'],
    ['美咲', '美咲'],
  ])('writes to no one what a stranger typed for a name: %j becomes %j', async (given, firstName) => {
    const recipient = { phone: '07400 123456', firstName: given, lastName: given };
    expect((await world.claim(world.campaign(), { recipient })).status).toBe(202);
    await world.settled();
    const names = firstName === undefined ? {} : { firstName, lastName: firstName };
    expect(issues().map((issue) => issue.recipient)).toEqual([{ phone: '+447400123456', ...names }]);
  });

  it('made again is answered alike to the last header, and sends nothing for ten minutes', async () => {
    const campaign = world.campaign();
    const first = await world.claim(campaign);
    await world.settled();
    const again = await world.claim(campaign, { recipient: { phone: '+44 7400 123456' } });
    await world.settled();
    expect(sameButTrace(again)).toEqual(sameButTrace(first));
    expect(world.sent).toHaveLength(1);
  });

  it.each([
    ['suppressed', 'recipient.suppressed'],
    ['at their limit', 'recipient.limit_reached'],
    ['late for the last one', 'campaign.exhausted'],
  ] as const)('of a person who is %s is answered like any other', async (_, reason) => {
    const campaign = world.campaign();
    const taken = await world.claim(campaign, { recipient: { phone: '07400 123457' } });
    await world.settled();
    world.harness.others.on(IssueCoupon, () => ({ outcome: 'refused' as const, reason, message: '' }));
    const refused = await world.claim(campaign);
    await world.settled();
    expect(sameButTrace(refused)).toEqual(sameButTrace(taken));
  });

  it('of someone who lost the message has it sent again, three times a day at most', async () => {
    const campaign = world.campaign();
    // What happened is moved into the past instead of waiting for it.
    const letTimePass = async (): Promise<void> => {
      await world.database.query(
        `update claim set sent_at = sent_at - interval '11 min' where campaign_id = $1`,
        [campaign.id],
      );
      const key = `${campaign.id} +447400123456`;
      const coupon = world.coupons.get(key)!;
      const delivery = { ...coupon.delivery!, id: `dlv_0000000000${coupon.delivery!.id.slice(14)}` };
      world.coupons.set(key, { ...coupon, delivery });
    };
    for (let i = 0; i < 6; i++) {
      await world.claim(campaign);
      await world.settled();
      await letTimePass();
    }
    expect(world.sent).toHaveLength(3);
    expect(new Set(world.sent.map(({ couponId }) => couponId)).size).toBe(1);
  });

  it('made by many at once for one person brings one coupon and one message', async () => {
    const campaign = world.campaign();
    const answers = await Promise.all(Array.from({ length: 30 }, () => world.claim(campaign)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await world.settled();
    expect(world.sent).toHaveLength(1);
  });

  it('is taken while issuance is away, and served when it is back', async () => {
    const campaign = world.campaign();
    world.harness.others.on(IssueCoupon, () => unavailable('service.unavailable', 'away'));
    expect((await world.claim(campaign)).status).toBe(202);
    await eventually(() => expect(issues().length).toBeGreaterThan(0));
    expect(world.sent).toEqual([]);
    world.answer();
    await world.settled();
    expect(world.sent).toHaveLength(1);
  });

  it('whose coupon was issued by a process that died before it could say so brings no second one', async () => {
    const campaign = world.campaign();
    let answered = 0;
    world.harness.others.on(IssueCoupon, ({ recipient, metadata }) => {
      // A campaign of several a person would give another one each time.
      const to = recipient.phone!;
      const coupon = aCoupon(campaign, { recipient, metadata: metadata ?? null });
      world.coupons.set(`${campaign.id} ${to} ${coupon.id}`, coupon);
      world.sent.push({ to, couponId: coupon.id });
      return answered++ === 0
        ? unavailable('service.deadline_exceeded', 'the answer is lost')
        : { outcome: 'issued' as const, coupon };
    });
    await world.claim(campaign, { recipient: { phone: '07400 123460' } });
    await world.settled();
    expect(world.sent).toHaveLength(1);
    const { rows } = await world.database.query(
      `select status, coupon_id from claim where campaign_id = $1`,
      [campaign.id],
    );
    expect(rows).toEqual([{ status: 'served', coupon_id: world.sent[0].couponId }]);
  });

  it('whose sending again was lost on the way is not sent twice', async () => {
    const campaign = world.campaign();
    await world.claim(campaign, { recipient: { phone: '07400 123461' } });
    await world.settled();
    const key = `${campaign.id} +447400123461`;
    const coupon = world.coupons.get(key)!;
    world.coupons.set(key, {
      ...coupon,
      delivery: { ...coupon.delivery!, id: 'dlv_00000000000000000000000000' },
    });
    await world.database.query(
      `update claim set sent_at = sent_at - interval '11 min' where campaign_id = $1`,
      [campaign.id],
    );
    const { others } = world.harness;
    let lost = 0;
    world.answer();
    const send = others as unknown as { answers: Map<string, (request: unknown) => unknown> };
    const real = send.answers.get(SendCoupon.name)!;
    others.on(SendCoupon, (request) => {
      const sent = real(request) as never;
      return lost++ === 0 ? unavailable('service.deadline_exceeded', 'the answer is lost') : sent;
    });
    await world.claim(campaign, { recipient: { phone: '07400 123461' } });
    await world.settled();
    expect(world.sent).toHaveLength(2);
  });
});

describe('a claim is refused', () => {
  it.each<[string, number, string, Parameters<ClaimsWorld['campaign']>, Record<string, unknown>]>([
    ['for no phone number', 422, 'recipient.invalid_phone', [], { recipient: { phone: '07400' } }],
    ['without one', 422, 'recipient.missing', [], { recipient: {} }],
    [
      'for no e-mail address',
      422,
      'recipient.invalid_email',
      [{ channel: 'email' }],
      { recipient: { email: 'a@b' } },
    ],
    [
      'for an e-mail address with a tab in it, which is not that of another domain',
      422,
      'recipient.invalid_email',
      [{ channel: 'email' }],
      { recipient: { email: 'a@exa\tmple.com' } },
    ],
    [
      'from another country',
      422,
      'claim.country_not_allowed',
      [],
      { recipient: { phone: '+1 242 357 1234' } },
    ],
    ['at a premium rate', 422, 'claim.number_not_allowed', [], { recipient: { phone: '0909 879 1234' } }],
    ['without consent', 422, 'claim.consent_required', [{ consent: 'Yes?' }], { consent: false }],
    ['without a choice', 422, 'offer.required', [{}, { type: 'choice', offers: [{ id: 'a' }] }], {}],
    [
      'for what is no choice',
      422,
      'offer.not_found',
      [{}, { type: 'mystery', offers: [{ id: 'a' }] }],
      { offerId: 'a' },
    ],
    ['where claims are not public', 404, 'campaign.not_found', [{ public: false }], {}],
    ['of a draft', 404, 'campaign.not_found', [{}, { status: 'draft' }], {}],
    ['while paused', 409, 'campaign.not_active', [{}, { status: 'paused' }], {}],
    ['when ended', 409, 'campaign.ended', [{}, { status: 'ended' }], {}],
    ['after its end', 409, 'campaign.ended', [{}, { validity: { endsAt: '2020-01-01T00:00:00Z' } }], {}],
    [
      "of another account's",
      404,
      'campaign.not_found',
      [{}, { accountId: 'acc_00000000000000000000000000' }],
      {},
    ],
    ['from a page that the campaign does not know', 403, 'claim.origin_not_allowed', [{ origins: [] }], {}],
    [
      'with two addresses',
      422,
      'claim.one_address',
      [],
      { recipient: { phone: '07400 123456', email: 'ann@example.com' } },
    ],
    [
      'with a foreign name',
      400,
      'request.invalid',
      [],
      { recipient: { phone: '07400 123456', externalId: 'ann' } },
    ],
  ])('%s', async (_, status, code, campaign, body) => {
    expect(await world.claim(world.campaign(...campaign), body)).toMatchObject({ status, body: { code } });
    await world.settled();
    expect(issues()).toEqual([]);
  });

  it('for a thief who names their address beside his own: that would send him their coupon', async () => {
    const campaign = world.campaign({ channel: 'email' });
    const recipient = { email: 'thief@example.com', phone: '+447400123456' };
    expect((await world.claim(campaign, { recipient })).body.code).toBe('claim.one_address');
  });
});

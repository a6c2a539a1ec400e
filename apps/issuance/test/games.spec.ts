import {
  DeliverySettled,
  GetCoupon,
  GetPlayer,
  newId,
  Play,
  type CampaignInput,
  type PlayOutcome,
  type RequestOf,
} from '@tearoff/contracts';
import { eventually, overBothTransports, times } from '@tearoff/testing';
import { World } from './world';

const parallel = 200;
const ann = { phone: '+447911123456' };

type Registered = Exclude<PlayOutcome, { outcome: 'refused' }>;

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ means, instances: 2, callers: 10 });
  });
  afterAll(() => world?.stop());
  afterEach(() => world.clock.goOn());

  const game = (winChance: number, changes: Partial<CampaignInput> = {}) =>
    world.campaign({
      type: 'game',
      offers: [{ id: 'tea' }, { id: 'cake' }],
      limits: { perRecipient: null },
      game: { winChance, per: 'day' },
      ...changes,
    });

  const ask = (campaign: { id: string }, rest: Partial<RequestOf<typeof Play>>) =>
    world.ask(Play, { accountId: world.accountId, campaignId: campaign.id, channel: 'sms', ...rest });

  const play = async (
    campaign: { id: string },
    who: RequestOf<typeof Play>['recipient'] | string = ann,
  ): Promise<Registered> => {
    const played = await ask(campaign, typeof who === 'string' ? { playerId: who } : { recipient: who });
    if (played.outcome === 'refused') throw new Error(`refused: ${played.reason}`);
    return played;
  };

  const reasonFor = async (...asked: Parameters<typeof ask>): Promise<string> => {
    const played = await ask(...asked);
    return played.outcome === 'refused' ? played.reason : played.outcome;
  };

  const plays = (campaign: { id: string }) =>
    world.count('play join player on player.id = player_id', `campaign_id = '${campaign.id}'`);

  it('issues what is won, sends it, and tells of it', async () => {
    const campaign = await game(1, { offers: [{ id: 'tea' }] });
    const played = await play(campaign);
    if (played.outcome !== 'won') throw new Error('not won');
    expect(played).toMatchObject({ repeated: false, playerId: expect.stringMatching(/^ply_/) });
    expect(played.coupon).toMatchObject({ offerId: 'tea', channel: 'sms', delivery: { status: 'queued' } });
    const { id } = played.coupon;
    await eventually(() => world.notification.heard.issued.some((item) => item.couponId === id));
    expect(await world.counts(campaign)).toMatchObject({ issued: 1 });
  });

  it('sends a win again to anyone who plays again, once, where its message failed', async () => {
    const campaign = await game(1, { game: { winChance: 1, per: 'campaign' } });
    const { coupon } = (await play(campaign)) as Extract<Registered, { outcome: 'won' }>;
    const toSend = () => world.notification.heard.toSend.filter((item) => item.couponId === coupon.id);
    const again = async () =>
      (await Promise.all(times(20, () => play(campaign)))).map((one) =>
        one.outcome === 'won' ? one.coupon.delivery!.id : one.outcome,
      );
    const before = coupon.delivery!.id;
    const { accountId, id: couponId, campaignId } = coupon;
    const about = { accountId, couponId, campaignId, channel: 'sms' as const, error: 'unreachable' };
    await world.tell(DeliverySettled, [
      { ...about, deliveryId: before, status: 'failed', at: new Date().toISOString() },
    ]);
    await eventually(
      async () => (await world.ask(GetCoupon, { accountId, couponId })).delivery?.status === 'failed',
    );
    expect(new Set(await again())).toEqual(new Set([before]));
    world.clock.is(new Date(Date.now() + 11 * 60_000).toISOString());
    const after = new Set(await again());
    expect(after.size).toBe(1);
    expect(after).not.toContain(before);
    await eventually(() => toSend().length > 0);
    expect(toSend()).toMatchObject([{ deliveryId: [...after][0], channel: 'sms' }]);
    expect(await world.counts(campaign)).toMatchObject({ issued: 1 });
  });

  it('records a loss and issues nothing', async () => {
    const campaign = await game(0);
    const played = await play(campaign);
    expect(played.outcome).toBe('lost');
    expect(await world.counts(campaign)).toMatchObject({ issued: 0 });
    const rows = await world.dataSource.query(
      `select outcome, chance, offer_id, coupon_id from play where player_id = $1`,
      [played.playerId],
    );
    expect(rows).toEqual([{ outcome: 'lost', chance: 0, offer_id: null, coupon_id: null }]);
  });

  it('draws once a period for one player, however many plays come at once and by whatever name', async () => {
    const campaign = await game(0.5);
    const both = { ...ann, email: 'ann@example.com' };
    const names = [both, ann, { phone: '0044 7911 123456' }];
    const outcomes = await Promise.all(times(parallel, (i) => play(campaign, names[i % names.length])));
    expect(new Set(outcomes.map(({ outcome }) => outcome)).size).toBe(1);
    expect(outcomes.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(outcomes.map((one) => one.playerId)).size).toBe(1);
    expect(new Set(outcomes.map((one) => one.linkDeliveryId)).size).toBe(1);
    expect(await plays(campaign)).toBe(1);
    const won = outcomes[0].outcome === 'won' ? 1 : 0;
    expect(await world.counts(campaign)).toMatchObject({ issued: won });
    expect(await world.count('coupon', `campaign_id = '${campaign.id}'`)).toBe(won);
  });

  it('lets no one play twice by two names that turned out to be one person', async () => {
    const campaign = await game(0);
    const [byPhone, byEmail] = await Promise.all([
      play(campaign, { ...ann, externalId: 'a' }),
      play(campaign, { phone: '+447911123457', externalId: 'b' }),
    ]);
    expect(byPhone.playerId).not.toBe(byEmail.playerId);
    world.clock.is(byPhone.nextPlayAt!);
    const both = { ...ann, externalId: 'b' };
    expect(await play(campaign, both)).toMatchObject({ repeated: false });
    for (const who of [ann, { phone: '+447911123457' }, byPhone.playerId, byEmail.playerId])
      expect(await play(campaign, who)).toMatchObject({ repeated: true });
  });

  it('begins a new period with the day of the campaign’s zone, and says when', async () => {
    const campaign = await game(0, { timezone: 'Europe/Paris' });
    world.clock.is('2026-03-28T22:59:00Z');
    expect(await play(campaign)).toMatchObject({ repeated: false, nextPlayAt: '2026-03-28T23:00:00.000Z' });
    world.clock.is('2026-03-28T23:00:00Z');
    // A day of 23 hours.
    expect(await play(campaign)).toMatchObject({ repeated: false, nextPlayAt: '2026-03-29T22:00:00.000Z' });
    world.clock.is('2026-03-29T21:59:59Z');
    expect(await play(campaign)).toMatchObject({ repeated: true });
  });

  it('has no next play in a game of one, nor after the end', async () => {
    const once = await game(0, { game: { winChance: 0, per: 'campaign' } });
    expect((await play(once)).nextPlayAt).toBeNull();
    const ending = await game(0, { validity: { endsAt: '2026-05-01T20:00:00Z' } });
    world.clock.is('2026-05-01T12:00:00Z');
    expect((await play(ending)).nextPlayAt).toBeNull();
  });

  it('goes by a chance that was changed from the next play on', async () => {
    const campaign = await game(0);
    expect((await play(campaign)).outcome).toBe('lost');
    await world.change(campaign, { game: { winChance: 1 } });
    expect(await play(campaign)).toMatchObject({ outcome: 'lost', repeated: true });
    expect((await play(campaign, { phone: '+447911123458' })).outcome).toBe('won');
  });

  it('never gives more of an offer than there are; who wins then has lost', async () => {
    const campaign = await game(1, {
      offers: [
        { id: 'tea', total: 23 },
        { id: 'cake', weight: 0 },
      ],
    });
    const outcomes = await Promise.all(
      times(parallel, (i) => play(campaign, { phone: `+4479111${String(20_000 + i)}` })),
    );
    const won = outcomes.flatMap((one) => (one.outcome === 'won' ? [one.coupon.offerId] : []));
    expect(won).toEqual(times(23, () => 'tea'));
    expect(await world.counts(campaign)).toMatchObject({ issued: 23 });
    expect(await plays(campaign)).toBe(parallel);
  });

  it('leaves neither play nor coupon when it fails half-way, and plays whole when asked again', async () => {
    const campaign = await game(1);
    await world.dataSource.query(`
      create function fail() returns trigger language plpgsql as $$ begin raise 'no room'; end $$;
      create trigger fail before insert on play for each row execute function fail()`);
    await expect(play(campaign)).rejects.toMatchObject({ kind: 'internal' });
    await world.dataSource.query(`drop trigger fail on play; drop function fail`);
    expect(await world.count('coupon', `campaign_id = '${campaign.id}'`)).toBe(0);
    expect(await world.count('slot', `campaign_id = '${campaign.id}'`)).toBe(0);
    expect(await world.count('player', `campaign_id = '${campaign.id}'`)).toBe(0);
    expect(await play(campaign)).toMatchObject({ outcome: 'won', repeated: false });
    expect(await world.counts(campaign)).toMatchObject({ issued: 1 });
  });

  describe('a player who has won as often as they may', () => {
    const once = { limits: { perRecipient: { count: 1, per: 'campaign' } } } as const;

    it('is shown their coupon, and nothing is drawn', async () => {
      const campaign = await game(1, once);
      const first = await play(campaign);
      world.clock.is(first.nextPlayAt!);
      expect(await play(campaign)).toMatchObject({
        outcome: 'won',
        repeated: true,
        limitReached: true,
        coupon: { id: first.outcome === 'won' && first.coupon.id },
      });
      expect(await plays(campaign)).toBe(1);
      expect(await world.ask(GetPlayer, { playerId: first.playerId })).toMatchObject({ mayPlay: false });
    });

    it('is refused where the campaign rejects repeats', async () => {
      const campaign = await game(1, { limits: { ...once.limits, onRepeat: 'reject' } });
      const first = await play(campaign);
      world.clock.is(first.nextPlayAt!);
      // Told with what anyone is told who has lost.
      expect(await ask(campaign, { recipient: ann })).toMatchObject({
        reason: 'recipient.limit_reached',
        nextPlayAt: expect.stringMatching(/^\d{4}-/),
      });
      expect(await plays(campaign)).toBe(1);
      const { nextPlayAt } = await world.ask(GetPlayer, { playerId: first.playerId });
      expect(
        await world.ask(Play, {
          accountId: world.accountId,
          campaignId: campaign.id,
          recipient: ann,
          channel: 'sms',
        }),
      ).toMatchObject({ outcome: 'refused', nextPlayAt });
    });
  });

  it('tells of a player whether they may play', async () => {
    const campaign = await game(0, { timezone: 'Asia/Tokyo' });
    const { playerId, nextPlayAt } = await play(campaign);
    const about = { accountId: world.accountId, campaignId: campaign.id };
    expect(await world.ask(GetPlayer, { playerId })).toEqual({
      ...about,
      mayPlay: false,
      last: 'lost',
      nextPlayAt,
    });
    world.clock.is(nextPlayAt!);
    expect(await world.ask(GetPlayer, { playerId })).toMatchObject({ mayPlay: true, last: 'lost' });
    await world.change(campaign, { status: 'paused' });
    expect(await world.ask(GetPlayer, { playerId })).toMatchObject({ mayPlay: false });
    await expect(world.ask(GetPlayer, { playerId: newId('player') })).rejects.toMatchObject({
      code: 'player.not_found',
    });
  });

  it('refuses anyone who comes at the wrong time, to the wrong place or as no one', async () => {
    const recipient = ann;
    const campaign = await game(1);
    const reasons = [
      await reasonFor(await world.campaign(), { recipient }),
      await reasonFor({ id: newId('campaign') }, { recipient }),
      await reasonFor(campaign, { recipient, accountId: newId('account') }),
      await reasonFor(await game(1, { status: 'draft' }), { recipient }),
      await reasonFor(await game(1, { status: 'ended' }), { recipient }),
      await reasonFor(await game(1, { validity: { startsAt: '2999-01-01T00:00:00Z' } }), { recipient }),
      await reasonFor(campaign, {}),
      await reasonFor(campaign, { recipient: { phone: '12' } }),
      await reasonFor(campaign, { recipient: { externalId: 'ann' } }),
    ];
    expect(reasons).toEqual([
      'campaign.not_found',
      'campaign.not_found',
      'campaign.not_found',
      'campaign.not_active',
      'campaign.ended',
      'campaign.not_active',
      'recipient.missing',
      'recipient.invalid_phone',
      'recipient.no_address',
    ]);
    world.notification.heard.suppressed.add('+447911123459');
    expect(await reasonFor(campaign, { recipient: { phone: '+447911123459' } })).toBe('recipient.suppressed');
    expect(await plays(campaign)).toBe(0);
  });

  it('knows no player of another game or another account', async () => {
    const [one, other] = [await game(1), await game(1)];
    const { playerId } = await play(one);
    const gone = { code: 'player.not_found' };
    await expect(ask(other, { playerId })).rejects.toMatchObject(gone);
    await expect(ask(one, { playerId, accountId: newId('account') })).rejects.toMatchObject(gone);
    await expect(ask(one, { playerId: 'ply_unknown', recipient: ann })).rejects.toMatchObject(gone);
    expect(await plays(other)).toBe(0);
  });
});

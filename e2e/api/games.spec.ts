import { SystemClock } from '@tearoff/service-kit';
import { inbound, signatureEnv } from '../../apps/notification/test/vonage-signed';
import { eventually, onBothTransports, startSystem, type Answer, type System } from './system';

const origin = 'https://shop.example';

onBothTransports('a game over the whole system', (transport) => {
  let system: System;
  let key: string;
  let last = 0;
  beforeAll(async () => {
    system = await startSystem(transport, signatureEnv);
    const { body } = await system.post('/v1/api-keys', {
      name: 'shop',
      scopes: ['public'],
      origins: [origin],
    });
    key = body.clientId;
  });
  // Noon, so that nothing is played around a midnight.
  beforeEach(() => timeIs(new Date(new Date().setUTCHours(12, 0, 0, 0))));
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => system?.stop());

  const gameOf = async (winChance: number, changes: object = {}): Promise<{ id: string }> => {
    const { status, body } = await system.post('/v1/campaigns', {
      name: 'internal',
      type: 'game',
      content: { title: 'The daily card' },
      discount: { kind: 'percent', value: 20 },
      claim: { public: true, country: 'GB', origins: [origin] },
      limits: { perRecipient: null },
      offers: [{ id: 'bun', content: { title: 'A cinnamon bun' } }],
      game: { winChance, per: 'day' },
      ...changes,
    });
    expect(status).toBe(201);
    return body;
  };
  /** A number that no one has used in this run. */
  const aNumber = (): string => `+4474005${String(++last).padStart(5, '0')}`;
  const claim = (campaign: { id: string }, phone: string): Promise<Answer> =>
    system.call('POST', '/v1/claims', {
      as: { 'x-client-id': key },
      headers: { origin },
      body: { campaignId: campaign.id, recipient: { phone } },
    });
  const texts = async (phone: string): Promise<string[]> => {
    const { body } = await system.get(`/v1/sandbox/messages?to=${encodeURIComponent(phone)}`);
    return (body.data as { text: string }[]).map(({ text }) => text);
  };
  const linksIn = async (phone: string, kind: 'g' | 'c'): Promise<string[]> =>
    (await texts(phone)).flatMap((text) => new RegExp(`https?://\\S+/${kind}/[\\w-]+`).exec(text) ?? []);
  const play = async (link: string): Promise<{ state: string; says: string }> => {
    const answer = await fetch(`${link}/play`, { method: 'POST', headers: { accept: 'application/json' } });
    return (await answer.json()) as { state: string; says: string };
  };
  const couponsOf = async ({ id }: { id: string }) =>
    (await system.get(`/v1/coupons?campaignId=${id}`)).body.data as { code: string }[];
  const settled = (campaign: { id: string }, deliveries: number) =>
    eventually(async () => {
      const { body } = await system.get(`/v1/deliveries?campaignId=${campaign.id}`);
      expect(body.data.map(({ status }: { status: string }) => status)).toEqual(
        Array.from({ length: deliveries }, () => 'sent'),
      );
    });
  const timeIs = (now: Date): void =>
    void jest.spyOn(SystemClock.prototype, 'now').mockImplementation(() => new Date(now));

  it('is played by a number once, then by the link that came; a win brings its coupon once, which is spent once', async () => {
    const campaign = await gameOf(0);
    const phone = aNumber();
    const first = await claim(campaign, phone);
    expect(first).toMatchObject({ status: 200, body: { status: 'lost', nextPlayAt: expect.any(String) } });
    expect((await claim(campaign, phone)).body).toEqual(first.body);
    await eventually(async () => expect(await linksIn(phone, 'g')).toHaveLength(1));
    const [link] = await linksIn(phone, 'g');
    expect(await play(link)).toMatchObject({ state: 'lost' });
    expect(await couponsOf(campaign)).toEqual([]);

    timeIs(new Date(first.body.nextPlayAt));
    const change = { game: { winChance: 1, per: 'day' } };
    expect((await system.call('PATCH', `/v1/campaigns/${campaign.id}`, { body: change })).status).toBe(200);
    expect(await (await fetch(link)).text()).toContain('data-state="ready"');
    const plays = await Promise.all(Array.from({ length: 20 }, () => play(link)));
    expect(new Set(plays.map(({ state }) => state))).toEqual(new Set(['won']));
    expect((await claim(campaign, phone)).body.status).toBe('won');
    expect(await (await fetch(link)).text()).toContain('data-state="played"');

    await eventually(async () => expect(await linksIn(phone, 'c')).toHaveLength(1));
    const [{ code }, ...more] = await couponsOf(campaign);
    expect(more).toEqual([]);
    expect((await texts(phone)).length).toBe(2);
    const [coupon] = await linksIn(phone, 'c');
    expect((await (await fetch(coupon)).text()).replace(/<[^>]+>|\s/g, '')).toContain(code);
    const spend = (transactionRef: string) => system.post('/v1/redemptions', { code, transactionRef });
    const spent = await Promise.all(['a', 'b', 'c'].map(spend));
    expect(spent.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409]);
  });

  it('is won once in a campaign of one play, however many ask at once, with no link to a play that never comes', async () => {
    const campaign = await gameOf(1, { game: { winChance: 1, per: 'campaign' } });
    const phone = aNumber();
    const answers = await Promise.all(Array.from({ length: 12 }, () => claim(campaign, phone)));
    for (const { body } of answers) expect(body).toEqual({ status: 'won', nextPlayAt: null });
    await settled(campaign, 1);
    expect(await couponsOf(campaign)).toHaveLength(1);
    expect(await texts(phone)).toEqual([expect.stringMatching(/\/c\//)]);
  });

  it('sends nothing to a player who said STOP, tells them so by their link, and no one who types their number', async () => {
    const campaign = await gameOf(1);
    const losing = await gameOf(0);
    const [quiet, other] = [aNumber(), aNumber()];
    const { nextPlayAt } = (await claim(campaign, quiet)).body;
    await eventually(async () => expect(await texts(quiet)).toHaveLength(2));
    const [link] = await linksIn(quiet, 'g');
    const { kind, authorization, contentType, body } = inbound(quiet, 'STOP');
    const told = await system.call('POST', `/callbacks/vonage/${kind}`, {
      as: null,
      raw: body,
      headers: { 'content-type': contentType, authorization: authorization! },
    });
    expect(told.status).toBe(200);
    await eventually(async () => expect(await texts(quiet)).toHaveLength(3));

    timeIs(new Date(nextPlayAt));
    expect((await claim(campaign, quiet)).body).toEqual((await claim(losing, other)).body);
    expect(await play(link)).toMatchObject({ state: 'stopped' });
    // What was to be written to them would be there when the message to someone who won after them is.
    await claim(campaign, other);
    await eventually(async () => expect(await linksIn(other, 'c')).toHaveLength(1));
    expect(await texts(quiet)).toHaveLength(3);
    expect(await couponsOf(campaign)).toHaveLength(2);
  });
});

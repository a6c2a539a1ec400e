import { eventually, onBothTransports, startSystem, type Answer, type System } from './system';

const statuses = (answers: Answer[]) => answers.map(({ status }) => status).sort((a, b) => a - b);

onBothTransports('a member with a loyalty card', (transport) => {
  let system: System;
  let people = 0;
  beforeAll(async () => {
    system = await startSystem(transport);
  });
  afterAll(() => system?.stop());

  const makeCampaign = async (more: object = {}): Promise<string> =>
    (await system.post('/v1/campaigns', { name: 'A coffee', ...more })).body.id;
  const makeCard = async (reward: object) =>
    (
      await system.post('/v1/loyalty/cards', {
        name: 'Coffee',
        kind: 'stamps',
        design: { title: 'Ten cups' },
        rewards: [{ name: 'A coffee on the house', cost: 10, ...reward }],
      })
    ).body;
  /** On the card; `at`: their part of the API. */
  const enrol = async (cardId: string) => {
    const phone = `+4474002${String(++people).padStart(5, '0')}`;
    const { body: member } = await system.post('/v1/loyalty/members', { phone, firstName: 'Ann' });
    const at = `/v1/loyalty/cards/${cardId}/members/${member.id}`;
    return { ...(await system.call('PUT', at)).body, phone, at };
  };
  const pageOf = async (url: string) => (await fetch(url)).text();

  it('sees on their page what a till entered by the number on it, and each reference once', async () => {
    const card = await makeCard({ campaignId: await makeCampaign(), cost: 20 });
    const { number, url, at } = await enrol(card.id);
    expect(await pageOf(url)).toContain('0 of 20');
    const give = () =>
      system.post('/v1/loyalty/points', { cardId: card.id, number, amount: 3, reference: 'till 1/7' });
    const answers = await Promise.all([give(), give(), give()]);
    expect(statuses(answers)).toEqual([200, 200, 201]);
    expect(await pageOf(url)).toContain('3 of 20');
    const { body: ledger } = await system.get(`${at}/ledger`);
    expect(ledger.data).toMatchObject([{ amount: 3, balance: 3, reference: 'till 1/7', kind: 'award' }]);
    const { status, body } = await system.get(`/v1/loyalty/cards/${card.id}/numbers/${number}`);
    expect([status, body.balance]).toEqual([200, 3]);
  });

  it('finds the coffee of ten stamps on their page, and it is grey once it is drunk', async () => {
    const card = await makeCard({ campaignId: await makeCampaign(), automatic: true });
    const { url, at } = await enrol(card.id);
    await system.post(`${at}/points`, { amount: 11 });
    const coupon = await eventually(async () => {
      const html = await pageOf(url);
      const link = /href="(\/c\/[^"]+)"/.exec(html)?.[1];
      expect(link).toBeDefined();
      expect(html).toContain('1 of 10');
      return `${system.url}${link}`;
    });
    expect((await fetch(coupon)).status).toBe(200);
    const { body: found } = await system.get(`/v1/coupons?campaignId=${card.rewards[0].campaignId}`);
    expect(found.data).toHaveLength(1);
    await system.post('/v1/redemptions', { code: found.data[0].code });
    expect(await pageOf(url)).not.toContain('href="/c/');
  });

  it('turns points into a coupon when they ask, once, however often it is asked', async () => {
    const card = await makeCard({ campaignId: await makeCampaign() });
    const { at } = await enrol(card.id);
    await system.post(`${at}/points`, { amount: 15 });
    const redeem = (body: object) => system.post(`${at}/rewards/${card.rewards[0].id}/redeem`, body);
    const answers = await Promise.all([1, 2, 3].map(() => redeem({ reference: 'app 1' })));
    expect(statuses(answers)).toEqual([200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.code)).size).toBe(1);
    const few = await redeem({ reference: 'app 2' });
    expect([few.status, few.body.code, few.body.balance]).toEqual([409, 'points.insufficient', 5]);
    const validation = await system.post('/v1/validations', { code: answers[0].body.code });
    expect(validation.body.valid).toBe(true);
  });

  it('has their points back where the campaign gives no coupon', async () => {
    const card = await makeCard({ campaignId: await makeCampaign({ limits: { total: 0 } }) });
    const { at } = await enrol(card.id);
    await system.post(`${at}/points`, { amount: 12 });
    const { status, body } = await system.post(`${at}/rewards/${card.rewards[0].id}/redeem`, {});
    expect([status, body.code]).toEqual([409, 'campaign.exhausted']);
    await eventually(async () => expect((await system.get(at)).body.balance).toBe(12));
  });

  it('has paid for every coupon that they have, while the campaign pauses and goes on', async () => {
    const campaignId = await makeCampaign({ limits: { perRecipient: null } });
    const card = await makeCard({ campaignId });
    const { at } = await enrol(card.id);
    await system.post(`${at}/points`, { amount: 160 });
    const redeem = () => system.post(`${at}/rewards/${card.rewards[0].id}/redeem`, {});
    const toggle = async () => {
      for (const status of ['paused', 'active', 'paused', 'active'])
        await system.call('PATCH', `/v1/campaigns/${campaignId}`, { body: { status } });
      return [];
    };
    const rounds = [1, 2, 3, 4].map(async () => [
      await redeem(),
      await redeem(),
      await redeem(),
      await redeem(),
    ]);
    const answers = (await Promise.all([...rounds, toggle()])).flat();
    const issued = answers.filter(({ status }) => status === 201);
    const others = answers.filter(({ status }) => status !== 201);
    expect(others.map(({ status, body }) => [status, body.code])).toEqual(
      others.map(() => [409, 'campaign.not_active']),
    );
    expect((await system.get(at)).body.balance).toBe(160 - 10 * issued.length);
    const { body: held } = await system.get(`/v1/coupons?campaignId=${campaignId}`);
    expect(held.data).toHaveLength(issued.length);
  });

  it('is no one to another account', async () => {
    const card = await makeCard({ campaignId: await makeCampaign() });
    const { at, memberId, number } = await enrol(card.id);
    const { body } = await system.post('/v1/accounts', { name: 'Another' });
    const { clientId, clientSecret } = body.apiKey;
    const as = { 'x-client-id': clientId, 'x-client-secret': clientSecret };
    const asked: [string, string, unknown?][] = [
      ['GET', at],
      ['PUT', at],
      ['GET', `${at}/ledger`],
      ['POST', `${at}/points`, { amount: 1 }],
      ['POST', '/v1/loyalty/points', { cardId: card.id, number, amount: 1 }],
      ['POST', `${at}/rewards/${card.rewards[0].id}/redeem`],
      ['GET', `/v1/loyalty/cards/${card.id}`],
      ['PATCH', `/v1/loyalty/cards/${card.id}`, { name: 'x' }],
      ['GET', `/v1/loyalty/cards/${card.id}/members`],
      ['GET', `/v1/loyalty/cards/${card.id}/numbers/${number}`],
      ['GET', `/v1/loyalty/members/${memberId}`],
      ['PATCH', `/v1/loyalty/members/${memberId}`, { city: 'x' }],
    ];
    for (const [method, path, json] of asked)
      expect([method, path, (await system.call(method, path, { as, body: json })).status]).toEqual([
        method,
        path,
        404,
      ]);
    expect((await system.call('GET', '/v1/loyalty/members', { as })).body.data).toEqual([]);
  });
});

import { Phone } from './phone';
import { openPkpass, scanned, valueOf } from './pkpass';
import { admin, eventually, WalletWorld } from './wallet.world';

let world: WalletWorld;
beforeAll(async () => {
  world = await WalletWorld.start();
});
afterAll(() => world?.stop());

describe('a loyalty card’s pass', () => {
  it('is the same from the API and from the page, carries the number, and follows the balance', async () => {
    const holder = await world.member(await world.card());
    const viaApi = await fetch(world.system.url + `${holder.path}/pass.pkpass`, { headers: admin });
    expect([viaApi.status, viaApi.headers.get('x-pass-certificate')]).toEqual([200, 'development']);
    const viaPage = await world.passOf(holder);
    const { json } = openPkpass(Buffer.from(await viaApi.arrayBuffer()));
    expect(viaPage.json.serialNumber).toBe(json.serialNumber);
    expect(json.storeCard).toBeDefined();
    expect(await scanned(json)).toBe(holder.number);
    const phone = new Phone(json);
    expect((await phone.register()).status).toBe(201);
    await world.award(holder, 120);
    await eventually(() => world.pushesTo(phone) > 0);
    expect(await phone.fetchPass()).toBe(200);
    expect(valueOf(phone.pass, 'balance')).toBe(120);
  });

  it('tells a phone of many movements in a few pushes, and of the last one always', async () => {
    const holder = await world.member(await world.card());
    const phone = new Phone((await world.passOf(holder)).json);
    await phone.register();
    await Promise.all(Array.from({ length: 40 }, () => world.award(holder, 1)));
    await eventually(async () => {
      await phone.fetchPass();
      expect(valueOf(phone.pass, 'balance')).toBe(40);
      expect(world.pushesTo(phone)).toBeGreaterThan(0);
    });
    expect(world.pushesTo(phone)).toBeLessThan(40);
  });

  it('is forgotten with its person: the phone is refused, and Google is left a bare number', async () => {
    const holder = await world.member(await world.card());
    const phone = new Phone((await world.passOf(holder)).json);
    await phone.register();
    await world.system.get(`${holder.path}/google-wallet`);
    const object = () =>
      [...world.google.resources.values()].find(({ id }) => String(id).endsWith(phone.pass.serialNumber));
    expect(object()).toMatchObject({ accountName: 'Ann', state: 'ACTIVE' });
    const { body } = await world.system.get(`/v1/loyalty/members/${holder.memberId}`);
    const erased = await world.system.call('DELETE', `/v1/contacts/${encodeURIComponent(body.email)}`);
    expect(erased.status).toBeLessThan(300);
    await eventually(async () => (await phone.fetchPass()) === 401);
    await eventually(() => object()?.state === 'INACTIVE');
    expect(JSON.stringify(object())).not.toMatch(/Ann/);
  });
});

describe('the pass of a member who has another address now', () => {
  it('is forgotten when she is erased by that one', async () => {
    const holder = await world.member(await world.card());
    const phone = new Phone((await world.passOf(holder)).json);
    await phone.register();
    const email = `new-${holder.memberId}@example.com`;
    const moved = await world.system.call('PATCH', `/v1/loyalty/members/${holder.memberId}`, {
      body: { email },
    });
    expect(moved.status).toBe(200);
    await world.system.call('DELETE', `/v1/contacts/${email}`);
    await eventually(async () => (await phone.fetchPass()) === 401);
    expect(await phone.whatChanged()).toEqual([]);
  });
});

describe('a message to everybody who has the card', () => {
  it('is on every phone’s pass and at Google, once each, and is counted', async () => {
    const cardId = await world.card();
    const holders = await Promise.all([world.member(cardId), world.member(cardId), world.member(cardId)]);
    const phones = await Promise.all(holders.slice(0, 2).map((holder) => world.phoneWith(holder)));
    const link = await world.system.get(`${holders[2].path}/google-wallet`);
    expect(link.status).toBe(200);
    const answer = await world.system.post(`/v1/loyalty/cards/${cardId}/push`, { message: 'Double points' });
    expect([answer.status, answer.body.devices]).toEqual([202, 3]);
    const job = `/v1/loyalty/cards/${cardId}/push/${answer.body.jobId}`;
    await eventually(async () => {
      expect((await world.system.get(job)).body).toMatchObject({ status: 'done', done: 3, devices: 3 });
      expect(phones.map((phone) => world.pushesTo(phone))).toEqual([1, 1]);
      expect(world.google.messages.filter(({ body }) => body === 'Double points')).toHaveLength(1);
    });
    for (const phone of phones) {
      expect(await phone.fetchPass()).toBe(200);
      expect(valueOf(phone.pass, 'message')).toBe('Double points');
    }
    const late = {
      ...answer,
      ...(await world.system.post(`/v1/loyalty/cards/${cardId}/push`, { message: ' ' })),
    };
    expect([late.status, late.body.errors[0].path]).toEqual([400, '/message']);
  });

  it('waits where Google has shown three in a day, and does not hold the balance back', async () => {
    const holder = await world.member(await world.card());
    await world.system.get(`${holder.path}/google-wallet`);
    const told = () => world.google.messages.filter(({ body }) => body.startsWith('Quota')).length;
    for (let n = 1; n <= 4; n++) {
      await world.system.post(`/v1/loyalty/cards/${holder.cardId}/push`, { message: `Quota ${n}` });
      if (n < 4) await eventually(() => told() === n);
    }
    await world.award(holder, 7);
    const balances = () =>
      [...world.google.resources.values()].map(({ loyaltyPoints }) => JSON.stringify(loyaltyPoints ?? null));
    await eventually(() => balances().some((text) => text.includes('"int":7}')));
    expect(told()).toBe(3);
  });

  it('is asked for by a Coupontools client, which is told how many', async () => {
    const holder = await world.member(await world.card());
    await world.phoneWith(holder);
    const push = (body: object) =>
      world.system.post('/coupontools/v3/loyalty/pushnotification/list', { message: 'Hello', ...body });
    expect((await push({ loyaltycard: holder.cardId })).body).toMatchObject({
      status: { status: 'OK' },
      notified: 1,
    });
    expect((await push({ loyaltycard: 'crd_nothing' })).body.status.errors.error_code).toEqual([505]);
    expect((await push({})).body.status.errors.error_code).toEqual([200]);
  });
});

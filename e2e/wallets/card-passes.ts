import { PNG } from 'pngjs';
import { Phone } from './phone';
import { fieldOf, openPkpass, valueOf } from './pkpass';
import { scanOnPhone } from './scanner';
import { admin, eventually, type WalletWorld } from './wallet.world';

/** The pass of a member on a card. */
export function cardPasses(world: () => WalletWorld): void {
  describe('a loyalty card’s pass', () => {
    it('is the same from the API and from the page, carries the number, and follows the balance', async () => {
      const holder = await world().member(await world().card());
      const viaApi = await fetch(world().system.url + `${holder.path}/pass.pkpass`, { headers: admin });
      expect(viaApi.status).toBe(200);
      expect(viaApi.headers.get('x-pass-certificate')).toBe(world().development ? 'development' : null);
      const viaPage = await world().passOf(holder);
      const { json } = openPkpass(Buffer.from(await viaApi.arrayBuffer()));
      expect(viaPage.json.serialNumber).toBe(json.serialNumber);
      expect(json.storeCard).toBeDefined();
      expect(await scanOnPhone(json)).toEqual({ format: 'QRCode', text: holder.number });
      const phone = new Phone(json);
      expect((await phone.register()).status).toBe(201);
      await world().award(holder, 120);
      await eventually(() => world().pushesTo(phone) > 0);
      expect(await phone.fetchPass()).toBe(200);
      expect(valueOf(phone.pass, 'balance')).toBe(120);
    });

    it('has a logo at Google, which demands one, whether its design has or not', async () => {
      const logoOf = async (design: object) => {
        const object = await world().atGoogle(await world().member(await world().card({ design })));
        const shared = world().google.resources.get(`loyaltyClass/${object().classId}`);
        return (shared!.programLogo as { sourceUri: { uri: string } }).sourceUri.uri;
      };
      expect(await logoOf({ logoUrl: 'https://shop.example/logo.png' })).toBe(
        'https://shop.example/logo.png',
      );
      const ours = await fetch(await logoOf({}));
      expect([ours.status, ours.headers.get('content-type')]).toEqual([200, 'image/png']);
      const { width, height } = PNG.sync.read(Buffer.from(await ours.arrayBuffer()));
      expect([width, height]).toEqual([660, 660]);
    });

    it('tells a phone of many movements in a few pushes, and of the last one always', async () => {
      const holder = await world().member(await world().card());
      const phone = new Phone((await world().passOf(holder)).json);
      await phone.register();
      await Promise.all(Array.from({ length: 40 }, () => world().award(holder, 1)));
      await eventually(async () => {
        await phone.fetchPass();
        expect(valueOf(phone.pass, 'balance')).toBe(40);
        expect(world().pushesTo(phone)).toBeGreaterThan(0);
      });
      expect(world().pushesTo(phone)).toBeLessThan(40);
    });

    it('is forgotten with its person: the phone is refused, and Google is left a bare number', async () => {
      const holder = await world().member(await world().card());
      const phone = new Phone((await world().passOf(holder)).json);
      await phone.register();
      await world().system.get(`${holder.path}/google-wallet`);
      const object = () =>
        [...world().google.resources.values()].find(({ id }) => String(id).endsWith(phone.pass.serialNumber));
      expect(object()).toMatchObject({ accountName: 'Ann', state: 'ACTIVE' });
      const { body } = await world().system.get(`/v1/loyalty/members/${holder.memberId}`);
      const erased = await world().system.call('DELETE', `/v1/contacts/${encodeURIComponent(body.email)}`);
      expect(erased.status).toBeLessThan(300);
      await eventually(async () => (await phone.fetchPass()) === 401);
      await eventually(() => object()?.state === 'INACTIVE');
      expect(JSON.stringify(object())).not.toMatch(/Ann/);
    });
  });

  describe('a tier on a loyalty card’s pass', () => {
    it('is told when it is reached, and when it is lost with a reversed purchase', async () => {
      const cardId = await world().card({
        earning: [{ on: 'redemption', points: 100 }],
        tiers: { period: { months: 12 }, levels: [{ name: 'Gold', from: 100 }] },
      });
      const holder = await world().member(cardId);
      const [phone, object] = [await world().phoneWith(holder), await world().atGoogle(holder)];
      const tier = () => fieldOf(phone.pass, 'tier');
      expect(tier()).toMatchObject({ value: '–', changeMessage: 'Your new tier: %@' });
      expect(object()).not.toHaveProperty('secondaryLoyaltyPoints');
      const bought = await world().coupon({}, { email: holder.email });
      const tierIs = async (value: string, points: number) => {
        await eventually(async () => {
          if (world().pushesTo(phone) > 0) await phone.fetchPass();
          expect([tier()?.value, valueOf(phone.pass, 'balance')]).toEqual([value, points]);
        });
      };
      await world().redeem(bought);
      await tierIs('Gold', 100);
      expect(tier()?.changeMessage).toBe('Your new tier: %@');
      await eventually(() =>
        expect(object().secondaryLoyaltyPoints).toEqual({ label: 'Tier', balance: { string: 'Gold' } }),
      );
      await world().reverse(bought);
      await tierIs('–', 0);
      await eventually(() => expect(object()).not.toHaveProperty('secondaryLoyaltyPoints'));
    });
  });

  describe('a stamp card’s pass', () => {
    it('shows each stamp in its picture and as a number, on the phone and at Google', async () => {
      const { body: coffee } = await world().system.post('/v1/campaigns', { name: 'Coffee' });
      const rewards = [{ name: 'A coffee', cost: 5, campaignId: coffee.id }];
      const holder = await world().member(await world().card({ kind: 'stamps', rewards }));
      const [phone, object] = [await world().phoneWith(holder), await world().atGoogle(holder)];
      const strips = [phone.files['strip@2x.png']];
      for (const stamps of [1, 2, 3]) {
        const before = world().pushesTo(phone);
        await world().award(holder, 1);
        await eventually(() => world().pushesTo(phone) > before);
        expect(await phone.fetchPass()).toBe(200);
        expect(fieldOf(phone.pass, 'balance')).toMatchObject({ label: 'Stamps', value: stamps });
        expect(valueOf(phone.pass, 'next')).toBe('A coffee (5)');
        strips.push(phone.files['strip@2x.png']);
        await eventually(() =>
          expect(object().loyaltyPoints).toEqual({ label: 'Stamps', balance: { int: stamps } }),
        );
      }
      expect(new Set(strips.map((strip) => strip.toString('base64'))).size).toBe(4);
    });
  });

  describe('the pass of a member who has another address now', () => {
    it('is forgotten when they are erased by that one', async () => {
      const holder = await world().member(await world().card());
      const phone = new Phone((await world().passOf(holder)).json);
      await phone.register();
      const email = `new-${holder.memberId}@example.com`;
      const moved = await world().system.call('PATCH', `/v1/loyalty/members/${holder.memberId}`, {
        body: { email },
      });
      expect(moved.status).toBe(200);
      await world().system.call('DELETE', `/v1/contacts/${email}`);
      await eventually(async () => (await phone.fetchPass()) === 401);
      expect(await phone.whatChanged()).toEqual([]);
    });
  });

  describe('a message to everyone who has the card', () => {
    it('is on every phone’s pass and at Google, once each, and is counted', async () => {
      const cardId = await world().card();
      const holders = await Promise.all([
        world().member(cardId),
        world().member(cardId),
        world().member(cardId),
      ]);
      const phones = await Promise.all(holders.slice(0, 2).map((holder) => world().phoneWith(holder)));
      const link = await world().system.get(`${holders[2].path}/google-wallet`);
      expect(link.status).toBe(200);
      const answer = await world().system.post(`/v1/loyalty/cards/${cardId}/push`, {
        message: 'Double points',
      });
      expect([answer.status, answer.body.devices]).toEqual([202, 3]);
      const job = `/v1/loyalty/cards/${cardId}/push/${answer.body.jobId}`;
      await eventually(async () => {
        expect((await world().system.get(job)).body).toMatchObject({ status: 'done', done: 3, devices: 3 });
        expect(phones.map((phone) => world().pushesTo(phone))).toEqual([1, 1]);
        expect(world().google.messages.filter(({ body }) => body === 'Double points')).toHaveLength(1);
      });
      for (const phone of phones) {
        expect(await phone.fetchPass()).toBe(200);
        expect(valueOf(phone.pass, 'message')).toBe('Double points');
      }
      const late = {
        ...answer,
        ...(await world().system.post(`/v1/loyalty/cards/${cardId}/push`, { message: ' ' })),
      };
      expect([late.status, late.body.errors[0].path]).toEqual([400, '/message']);
    });

    it('is asked for by a Coupontools client, which is told how many', async () => {
      const holder = await world().member(await world().card());
      await world().phoneWith(holder);
      const push = (body: object) =>
        world().system.post('/coupontools/v3/loyalty/pushnotification/list', { message: 'Hello', ...body });
      expect((await push({ loyaltycard: holder.cardId })).body).toMatchObject({
        status: { status: 'OK' },
        notified: 1,
      });
      expect((await push({ loyaltycard: 'crd_nothing' })).body.status.errors.error_code).toEqual([505]);
      expect((await push({})).body.status.errors.error_code).toEqual([200]);
    });
  });
}

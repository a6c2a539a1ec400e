import { Phone } from './phone';
import { valueOf } from './pkpass';
import { eventually, type WalletWorld } from './wallet.world';

/** What a phone and this system have to say to each other. */
export function phones(world: () => WalletWorld): void {
  describe('a phone', () => {
    it('registers, is pushed when the coupon is spent, asks what changed, fetches it once, and says goodbye', async () => {
      const issued = await world().coupon();
      const phone = new Phone((await world().passOf(issued)).json);
      expect((await phone.register()).status).toBe(201);
      expect((await phone.register()).status).toBe(200);
      expect(await phone.whatChanged()).toEqual([phone.pass.serialNumber]);
      expect(await phone.fetchPass()).toBe(200);
      expect(await phone.fetchPass()).toBe(304);
      await world().redeem(issued);
      await eventually(() => world().pushesTo(phone) === 1);
      expect(world().apns.pushes.at(-1)).toMatchObject({ topic: phone.pass.passTypeIdentifier, body: '{}' });
      expect(await phone.whatChanged()).toEqual([phone.pass.serialNumber]);
      expect(await phone.fetchPass()).toBe(200);
      expect(phone.pass.voided).toBe(true);
      expect(phone.pass.barcodes).toBeUndefined();
      expect(valueOf(phone.pass, 'status')).toBe('Redeemed');
      expect(await phone.whatChanged()).toEqual([]);
      expect(await phone.fetchPass()).toBe(304);
      expect((await phone.unregister()).status).toBe(200);
      expect(await phone.whatChanged()).toEqual([]);
    });

    it('sees every change of one second: none hides behind If-Modified-Since', async () => {
      const issued = await world().coupon();
      const phone = await world().phoneWith(issued);
      const seen: unknown[] = [];
      for (const act of ['redeem', 'reverse', 'redeem', 'reverse']) {
        const before = world().pushesTo(phone);
        await (act === 'redeem' ? world().redeem(issued) : world().reverse(issued));
        await eventually(() => world().pushesTo(phone) > before);
        expect(await phone.fetchPass()).toBe(200);
        seen.push(valueOf(phone.pass, 'status'));
      }
      expect(seen).toEqual(['Redeemed', 'Valid', 'Redeemed', 'Valid']);
    });

    it('is told of what changed between its download and its registration', async () => {
      const issued = await world().coupon();
      const phone = new Phone((await world().passOf(issued)).json);
      await world().redeem(issued);
      await eventually(async () => (await phone.fetchPass()) === 200 && phone.pass.voided === true);
      // A second phone that had the pass before.
      await world().redeem(issued);
      expect((await phone.register()).status).toBe(201);
      expect(await phone.whatChanged()).toEqual([phone.pass.serialNumber]);
    });

    it('is refused with 401 without the pass’s own token, whatever else it knows', async () => {
      const [one, other] = await Promise.all([world().coupon(), world().coupon()]);
      const [mine, theirs] = await Promise.all([world().passOf(one), world().passOf(other)]);
      const phone = new Phone({ ...theirs.json, authenticationToken: mine.json.authenticationToken });
      expect([
        (await phone.register()).status,
        (await phone.unregister()).status,
        await phone.fetchPass(),
        (await new Phone({ ...mine.json, passTypeIdentifier: 'pass.other' }).register()).status,
        (await new Phone({ ...mine.json, serialNumber: 'pas_nobody' }).register()).status,
      ]).toEqual([401, 401, 401, 401, 401]);
      expect((await new Phone(mine.json).call('POST', 'log', { logs: ['it broke', 5] })).status).toBe(200);
      const call = async (method: string, path: string, body?: object) =>
        (await new Phone(mine.json).call(method, path, body)).status;
      expect(await call('POST', 'devices/d/registrations/p/s', { pushToken: 5 })).toBe(400);
      const { passTypeIdentifier: type } = mine.json;
      expect([
        await call('GET', `devices/%00/registrations/${type}`),
        await call('GET', `passes/${type}/pas_%00`),
        await call('POST', `devices/d/registrations/${type}/pas_%00`, { pushToken: 'p' }),
      ]).toEqual([204, 401, 401]);
    });

    it.each([
      [410, 'Unregistered'],
      [400, 'BadDeviceToken'],
    ])('that is gone, says APNs with %s %s, is forgotten', async (status, reason) => {
      const issued = await world().coupon();
      const phone = await world().phoneWith(issued);
      world().apns.willAnswer(phone.pushToken, { status, reason });
      await world().redeem(issued);
      await eventually(() => world().apns.hasAnswered(phone.pushToken));
      await eventually(async () => {
        phone.lastUpdated = undefined;
        expect(await phone.whatChanged()).toEqual([]);
      });
      expect(world().pushesTo(phone)).toBe(0);
    });

    it('that could not be reached is told when it can be, anyone who’s fault it was', async () => {
      const issued = await world().coupon();
      const phone = await world().phoneWith(issued);
      const { pushToken } = phone;
      world().apns.willAnswer(
        pushToken,
        { status: 503, reason: 'ServiceUnavailable' },
        { status: 0, hangUp: true },
        { status: 403, reason: 'InvalidProviderToken' },
      );
      await world().redeem(issued);
      await eventually(
        async () => {
          await world().later('10 seconds');
          expect([world().apns.hasAnswered(pushToken), world().pushesTo(phone)]).toEqual([true, 1]);
        },
        { intervalMs: 200 },
      );
      expect(await phone.whatChanged()).toEqual([phone.pass.serialNumber]);
      expect(await phone.fetchPass()).toBe(200);
    });

    it('is left alone for as long as APNs asks', async () => {
      const issued = await world().coupon();
      const phone = await world().phoneWith(issued);
      const { pushToken } = phone;
      world().apns.willAnswer(pushToken, { status: 429, reason: 'TooManyRequests', retryAfter: '1800' });
      await world().redeem(issued);
      await eventually(async () => expect(await world().toldIn(phone)).toBeGreaterThan(1_700));
      expect(world().pushesTo(phone)).toBe(0);
      await world().later('30 minutes');
      await eventually(() => world().pushesTo(phone) === 1);
    });

    it('is one of a hundred with its pass at most: of more, the one that registered longest ago is forgotten', async () => {
      const issued = await world().coupon();
      const { json } = await world().passOf(issued);
      const [stays, goes] = [new Phone(json), new Phone(json)];
      for (const phone of [stays, goes, stays]) await phone.register();
      const others = Array.from({ length: 99 }, () => new Phone(json));
      // Eleven at a time: ninety-nine registrations of one pass wait for each other, on a busy machine beyond a command's deadline.
      for (let from = 0; from < others.length; from += 11) {
        const answers = await Promise.all(others.slice(from, from + 11).map((phone) => phone.register()));
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      }
      expect(await goes.whatChanged()).toEqual([]);
      await world().redeem(issued);
      await eventually(() => [stays, ...others].every((phone) => world().pushesTo(phone) === 1));
      expect(world().pushesTo(goes)).toBe(0);
      expect((await goes.register()).status).toBe(201);
    });
  });
}

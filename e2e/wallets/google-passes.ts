import { eventually, type GoogleObject, type WalletWorld } from './wallet.world';

/** What Google is told, and how it answers. */
export function googlePasses(world: () => WalletWorld): void {
  describe('a pass at Google', () => {
    it('is saved by a link of our account’s that names it', async () => {
      const issued = await world().coupon();
      const response = await fetch(`${issued.url}/google-wallet`, { redirect: 'manual' });
      const [, jwt] = /^https:\/\/pay\.google\.com\/gp\/v\/save\/(.+)$/.exec(
        response.headers.get('location')!,
      )!;
      const claims = world().google.claimsOf(jwt) as {
        payload: { offerObjects: { id: string; classId: string }[] };
      };
      expect(claims).toMatchObject({
        aud: 'google',
        typ: 'savetowallet',
        iss: 'wallet@example.iam.gserviceaccount.com',
      });
      const [{ id, classId }] = claims.payload.offerObjects;
      expect(world().google.resources.get(`offerObject/${id}`)).toMatchObject({ classId, state: 'ACTIVE' });
    });

    it('is not left as it was when a link to it was asked for at the moment of a change', async () => {
      const issued = await world().coupon();
      const object = await world().atGoogle(issued);
      world().google.mishaps.push({
        on: new RegExp(`^PATCH .*${object().id}$`),
        meanwhile: async () => {
          await world().redeem(issued);
          await eventually(() => object().state === 'COMPLETED');
        },
      });
      await world().atGoogle(issued);
      await eventually(() => object().state === 'COMPLETED');
      expect(object().barcode.value).toBeUndefined();
    });

    it('is changed with a new token where Google has taken the old one back', async () => {
      const issued = await world().coupon();
      const object = await world().atGoogle(issued);
      const before = world().google.tokensGiven;
      world().google.takeTokensBack();
      await world().redeem(issued);
      await eventually(() => object().state === 'COMPLETED');
      expect(world().google.tokensGiven).toBeGreaterThan(before);
    });

    it.each([
      ['a server’s fault', { status: 503 }],
      ['no answer', { hangUp: 'before' as const }],
      ['the wish to be left alone', { status: 429, retryAfter: '2' }],
    ])('is changed later where Google answers with %s', async (_what, mishap) => {
      const issued = await world().coupon();
      const object = await world().atGoogle(issued);
      const { google } = world();
      google.mishaps.push({ on: new RegExp(`^PATCH .*${object().id}$`), ...mishap });
      await world().redeem(issued);
      await eventually(() => google.mishaps.length === 0);
      await world().later('2 seconds');
      await eventually(() => object().state === 'COMPLETED');
    });
  });

  describe('a message at Google', () => {
    const holderAtGoogle = async () => {
      const holder = await world().member(await world().card());
      const object = await world().atGoogle(holder);
      const push = (message: string) =>
        world().system.post(`/v1/loyalty/cards/${holder.cardId}/push`, { message });
      return { holder, object, push, shown: () => world().shownAtGoogle(object()) };
    };
    /** With time between attempts for what time has brought. */
    const soon = (attempt: () => Promise<void>) => eventually(attempt, { intervalMs: 200 });
    const addMessage = ({ id }: GoogleObject) => new RegExp(`${id}/addMessage$`);

    it('waits where three were shown in 24 hours, goes when they are over, and holds no balance back', async () => {
      const { holder, object, push, shown } = await holderAtGoogle();
      for (const message of ['One', 'Two', 'Three']) {
        await push(message);
        await eventually(() => shown().includes(message));
      }
      await push('Four');
      await world().award(holder, 7);
      await eventually(() => expect(object().loyaltyPoints).toMatchObject({ balance: { int: 7 } }));
      await world().later('23 hours');
      await world().award(holder, 1);
      await eventually(() => expect(object().loyaltyPoints).toMatchObject({ balance: { int: 8 } }));
      expect(shown()).toEqual(['One', 'Two', 'Three']);
      world().google.dayIsOver(object().name);
      await world().later('1 hour');
      await eventually(() => expect(shown()).toEqual(['One', 'Two', 'Three', 'Four']));
    });

    it('waits where Google says that it has shown enough, whatever we have counted, and is tried hourly', async () => {
      const { holder, object, push, shown } = await holderAtGoogle();
      const { google } = world();
      google.showAll(object().name);
      const asked = () => google.calls.filter((call) => addMessage(object()).test(call)).length;
      await push('Patience');
      await eventually(() => asked() === 1);
      await world().award(holder, 3);
      await eventually(() => expect(object().loyaltyPoints).toMatchObject({ balance: { int: 3 } }));
      await soon(async () => {
        await world().later('1 hour');
        expect(asked()).toBeGreaterThan(1);
      });
      expect(shown()).toEqual([]);
      google.dayIsOver(object().name);
      await soon(async () => {
        await world().later('1 hour');
        expect(shown()).toEqual(['Patience']);
      });
    });

    it.each([
      ['took it and was not heard', { hangUp: 'after' as const }],
      ['was not reached', { hangUp: 'before' as const }],
      ['failed', { status: 500 }],
      ['was asked too much', { status: 429, retryAfter: '30' }],
    ])('is there once where Google %s', async (_what, mishap) => {
      const { object, push, shown } = await holderAtGoogle();
      const { google } = world();
      google.mishaps.push({ on: addMessage(object()), ...mishap });
      await push('Once');
      await eventually(() => google.mishaps.length === 0);
      await push('Next');
      await soon(async () => {
        await world().later('1 minute');
        expect(shown()).toEqual(['Once', 'Next']);
      });
    });

    it('that Google will never take keeps no other back', async () => {
      const { object, push, shown } = await holderAtGoogle();
      world().google.mishaps.push({ on: addMessage(object()), status: 400 });
      await push('Unheard of');
      await eventually(() => world().google.mishaps.length === 0);
      await push('Good');
      await eventually(() => expect(shown()).toEqual(['Good']));
    });
  });
}

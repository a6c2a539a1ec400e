import type { Phone } from './phone';
import { fieldOf, valueOf } from './pkpass';
import { eventually, type GoogleObject, type Issued, type WalletWorld } from './wallet.world';

interface Shown {
  status: unknown;
  scannable: boolean;
  voided: boolean | undefined;
}

/** What becomes of a coupon, as anyone who has it in a wallet sees it. */
export function passStates(world: () => WalletWorld): void {
  /** After the phone was pushed once more. */
  const shownNext = async (phone: Phone, before: number): Promise<Shown> => {
    await eventually(() => world().pushesTo(phone) > before);
    expect(await phone.fetchPass()).toBe(200);
    const { pass } = phone;
    return { status: valueOf(pass, 'status'), scannable: pass.barcodes !== undefined, voided: pass.voided };
  };
  const shownAtGoogle = ({ state, barcode }: GoogleObject) => ({
    state,
    scannable: barcode.type !== 'TEXT_ONLY',
    code: barcode.value,
  });

  describe('a coupon that is in two wallets', () => {
    it('is paused, good again, redeemed, good after the reversal, and withdrawn in both as soon as it is', async () => {
      const issued = await world().coupon();
      const [phone, object] = [await world().phoneWith(issued), await world().atGoogle(issued)];
      expect(fieldOf(phone.pass, 'status')).toMatchObject({ value: 'Valid', changeMessage: '%@' });
      const goneThrough: [() => Promise<unknown>, status: string, state: string, voided: boolean][] = [
        [() => world().change(issued, { status: 'paused' }), 'Paused', 'INACTIVE', false],
        [() => world().change(issued, { status: 'active' }), 'Valid', 'ACTIVE', false],
        [() => world().redeem(issued), 'Redeemed', 'COMPLETED', true],
        [() => world().reverse(issued), 'Valid', 'ACTIVE', false],
        [() => world().withdraw(issued), 'Withdrawn', 'INACTIVE', true],
      ];
      for (const [act, status, state, voided] of goneThrough) {
        const before = world().pushesTo(phone);
        await act();
        const scannable = status === 'Valid';
        expect(await shownNext(phone, before)).toEqual({ status, scannable, voided });
        await eventually(() =>
          expect(shownAtGoogle(object())).toEqual({
            state,
            scannable,
            code: scannable ? issued.code : undefined,
          }),
        );
      }
    });

    it('expires in both by itself, is good again when its end is put off, and ends with its campaign', async () => {
      const issued = await world().coupon();
      const [phone, object] = [await world().phoneWith(issued), await world().atGoogle(issued)];
      const endsAt = new Date(Date.now() + 1_000).toISOString();
      await world().change(issued, { validity: { endsAt } });
      await eventually(async () => {
        if (world().pushesTo(phone) > 0) await phone.fetchPass();
        expect([valueOf(phone.pass, 'status'), phone.pass.barcodes]).toEqual(['Expired', undefined]);
        expect(object()).toMatchObject({ state: 'EXPIRED', validTimeInterval: { end: { date: endsAt } } });
      });
      expect([phone.pass.voided, phone.pass.expirationDate]).toEqual([true, endsAt]);
      let before = world().pushesTo(phone);
      await world().change(issued, { validity: { endsAt: null } });
      expect(await shownNext(phone, before)).toEqual({ status: 'Valid', scannable: true, voided: false });
      expect(phone.pass.expirationDate).toBeUndefined();
      await eventually(() => object().state === 'ACTIVE');
      expect(object().validTimeInterval).not.toHaveProperty('end');
      before = world().pushesTo(phone);
      await world().change(issued, { status: 'ended' });
      expect(await shownNext(phone, before)).toEqual({ status: 'Ended', scannable: false, voided: true });
      await eventually(() => object().state === 'EXPIRED');
    });

    it('shows no code before it is good', async () => {
      const startsAt = new Date(Date.now() + 86_400_000).toISOString();
      const issued = await world().coupon({ validity: { startsAt } });
      const { json } = await world().passOf(issued);
      expect([valueOf(json, 'status'), json.barcodes]).toEqual(['Not yet valid', undefined]);
      const object = await world().atGoogle(issued);
      expect(shownAtGoogle(object())).toEqual({ state: 'ACTIVE', scannable: false, code: undefined });
      expect(object().validTimeInterval).toEqual({ start: { date: startsAt } });
    });

    it('shows what its campaign was changed to, and nothing of what was taken out of it', async () => {
      const issued: Issued = await world().coupon();
      const [phone, object] = [await world().phoneWith(issued), await world().atGoogle(issued)];
      const shared = () => world().google.resources.get(`offerClass/${object().classId}`);
      expect(shared()).toMatchObject({ hexBackgroundColor: '#0a7d3c', finePrint: 'Once.' });
      await world().change(issued, { content: { title: 'Twenty off', terms: null, color: null } });
      await eventually(() => world().pushesTo(phone) > 0);
      expect(await phone.fetchPass()).toBe(200);
      expect([valueOf(phone.pass, 'offer'), valueOf(phone.pass, 'terms')]).toEqual(['Twenty off', undefined]);
      await eventually(() => shared()?.title === 'Twenty off');
      expect(shared()).not.toHaveProperty('finePrint');
      expect(shared()).not.toHaveProperty('hexBackgroundColor');
    });
  });
}

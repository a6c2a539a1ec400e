import { digests, valueOf, verifySignature } from './pkpass';
import { scanAtGoogle, scanOnPhone } from './scanner';
import { eventually, type WalletWorld } from './wallet.world';

const path = (url: string): string => new URL(url).pathname;

/** The pass of one coupon, as a phone gets it. */
export function couponPasses(world: () => WalletWorld): void {
  describe('a coupon’s pass', () => {
    it('is signed by a chain that openssl accepts, whole, and shown by a phone as a code that a till redeems', async () => {
      const issued = await world().coupon();
      const pass = await world().passOf(issued);
      const root = await world().root();
      const manifest = pass.files['manifest.json'].toString();
      expect(verifySignature(pass, root)).toBe(manifest);
      expect(JSON.parse(manifest)).toEqual(digests(pass));
      expect(() =>
        verifySignature({ ...pass, files: { ...pass.files, 'manifest.json': Buffer.from('{}') } }, root),
      ).toThrow();
      const { text: code } = await scanOnPhone(pass.json);
      expect((await world().system.post('/v1/redemptions', { code })).status).toBe(201);
    });

    it('has pictures at every size, its words in six languages, and the campaign’s colour', async () => {
      const { files, json } = await world().passOf(await world().coupon());
      for (const name of ['icon', 'logo', 'strip']) {
        const widths = ['', '@2x', '@3x'].map((size) => files[`${name}${size}.png`].readUInt32BE(16));
        expect(widths).toEqual([widths[0], 2 * widths[0], 3 * widths[0]]);
      }
      for (const language of ['en', 'de', 'es', 'fr', 'nl', 'uk'])
        expect(files[`${language}.lproj/pass.strings`].toString()).toMatch(/^"Points" = "[^"]+";$/m);
      expect(files['de.lproj/pass.strings'].toString()).toContain('"Redeemed" = "Eingelöst";');
      expect(json).toMatchObject({ backgroundColor: '#0a7d3c', formatVersion: 1, voided: false });
      expect(json.coupon).toBeDefined();
    });

    it.each([
      ['qrcode', 'QRCode', 'QRCode'],
      ['code128', 'Code128', 'Code128'],
      ['pdf417', 'PDF417', 'PDF417'],
      ['datamatrix', 'QRCode', 'DataMatrix'],
      ['ean13', 'Code128', 'EAN13'],
      ['gs1-8112', 'Code128', 'Code128'],
    ])(
      'of a campaign with %s is read by a till as a %s from a phone, as a %s from Google',
      async (barcode, apple, google) => {
        const codes = barcode === 'gs1-8112' ? { funderId: '0614141', offerCode: '000042' } : {};
        const issued = await world().coupon({ barcode, codes });
        const { json } = await world().passOf(issued);
        expect(await scanOnPhone(json)).toEqual({ format: apple, text: issued.code });
        const object = await world().atGoogle(issued);
        expect(await scanAtGoogle(object().barcode)).toEqual({ format: google, text: issued.code });
      },
    );

    it('is the same pass however often it is asked for, and for no one who guesses', async () => {
      const issued = await world().coupon();
      const passes = await Promise.all([
        world().passOf(issued),
        world().passOf(issued),
        world().passOf(issued),
      ]);
      expect(new Set(passes.map(({ json }) => json.serialNumber)).size).toBe(1);
      expect((await world().system.get('/c/not-a-token-of-ours/pass.pkpass')).status).toBe(404);
      expect((await world().system.get(`${path(issued.url)}%2F../pass.pkpass`)).status).toBe(404);
    });

    it('is told a message that a Coupontools client sends to one coupon, on the phone and at Google, and no other pass is', async () => {
      const issued = await world().coupon();
      const other = await world().coupon();
      const [phone, bystander] = [await world().phoneWith(issued), await world().phoneWith(other)];
      const push = (more: object) =>
        world().system.post('/coupontools/v3/coupon/pushnotification/single', {
          campaign: issued.campaignId,
          couponsession: issued.code,
          message: 'Today only',
          ...more,
        });
      expect((await push({})).body).toEqual({
        status: { status: 'OK' },
        campaign: issued.campaignId,
        couponsession: issued.code,
        message: 'Today only',
        action: 'pushnotification_sent',
        notified: 1,
      });
      await eventually(async () => {
        await phone.fetchPass();
        expect([world().pushesTo(phone), valueOf(phone.pass, 'message')]).toEqual([1, 'Today only']);
      });
      await fetch(`${issued.url}/google-wallet`, { redirect: 'manual' });
      expect((await push({ message: 'Until six' })).body.notified).toBe(2);
      await eventually(() => world().google.messages.some(({ body }) => body === 'Until six'));
      expect(world().google.messages.filter(({ body }) => body === 'Today only')).toEqual([]);
      expect(await bystander.fetchPass()).toBe(304);

      const faults = async (more: object) => (await push(more)).body.status.errors.error_code;
      expect(await faults({ campaign: other.campaignId })).toEqual([505]);
      expect(await faults({ campaign: 'cam_nothing' })).toEqual([502]);
      expect(await faults({ campaign: '', message: '' })).toEqual([200, 200]);
      const nowhere = await world().coupon();
      const { campaignId: campaign, code: couponsession } = nowhere;
      expect(await faults({ campaign, couponsession })).toEqual([505]);
      await phone.unregister();
      expect((await push({})).body.notified).toBe(1);
    });

    it('is offered on the coupon’s page while it is valid, and not after', async () => {
      const issued = await world().coupon();
      const page = async () =>
        (await world().system.call('GET', path(issued.url), { as: null })).body as string;
      await eventually(async () => expect(await page()).toContain(`${path(issued.url)}/pass.pkpass`));
      expect(await page()).toContain('/google-wallet');
      await world().system.post('/v1/redemptions', { code: issued.code });
      expect(await page()).not.toContain('pass.pkpass');
    });
  });
}

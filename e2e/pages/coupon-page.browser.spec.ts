import { barcodeSymbologies, CampaignChanged, CouponRedeemed, newId } from '@tearoff/contracts';
import { describeWithBrowser, eventually } from '@tearoff/testing';
import type { Browser } from 'playwright-core';
import {
  daysFromNow,
  everyState,
  issuedState,
  known,
  redeemedState,
} from '../../apps/gateway/src/pages/test/fixtures';
import { scan } from '../wallets/scanner';
import { expectSound, faultsFoundByAxe, launch, phone, photograph, visit } from './browser';
import { startPages, type PagesApp } from './pages-app';
import { startPictures, type Pictures } from './pictures';

describeWithBrowser("the coupon's page in a browser", () => {
  let app: PagesApp;
  let browser: Browser;
  let pictures: Pictures;
  beforeAll(async () => {
    [app, browser, pictures] = await Promise.all([
      startPages({ pollMs: 3_600_000 }),
      launch(),
      startPictures(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([app.close(), pictures.close()]);
  });

  it.each([...Object.keys(everyState()), 'unknown', 'away'])('is sound when %s', async (state) => {
    const { known: coupon, owner } = everyState()[state] ?? everyState().valid;
    const token = state === 'unknown' ? 'unknownunknownunknown' : app.services.put(coupon, owner);
    if (state === 'away') app.services.away.add('issuance');
    await visit(browser, `${app.url}/c/${token}`, phone(), async (page) => {
      app.services.away.clear();
      if (coupon && state !== 'unknown' && state !== 'away') await page.locator('#live').waitFor();
      await expectSound(page, state);
    });
  });

  it('bears everything a campaign can say, and the worst of it', async () => {
    const token = app.services.put(
      known(
        {
          content: {
            title: 'Donaudampfschifffahrtsgesellschaftskapitänsmütze mit Gravur und persönlicher Widmung',
            description: 'First line.\nSecond line, after a break.\n\n• one\n• two',
            terms: 'A sentence of terms that goes on. '.repeat(40),
            imageUrl: `${pictures.url}/coffee.svg`,
            color: '#ffd400',
          },
          discount: { kind: 'amount', value: 1_250, currency: 'EUR' },
          barcode: 'code128',
          redemption: {
            minBasket: 5_000,
            channels: ['store'],
            storeIds: ['a'],
            weekdays: [1, 2, 3, 4, 5],
            hours: { from: '10:00', to: '14:00' },
          },
        },
        { code: 'SUMMERK7PQ4MWX9ZRT', validTo: daysFromNow(2.1) },
      ),
    );
    await visit(browser, `${app.url}/c/${token}`, phone(), async (page) => {
      await page.locator('.offer img').evaluate((image: { decode(): Promise<void> }) => image.decode());
      await expectSound(page, 'rich');
    });
  });

  it('shows every kind of barcode at a size that can be scanned, and a scanner reads the code off it', async () => {
    const codes: Record<string, string> = { ean13: '5901234123457', 'gs1-8112': '8112001234561234560123456' };
    const formats = ['QRCode', 'Code128', 'EAN13', 'DataMatrix', 'PDF417', 'DataBarExpStk'];
    await visit(browser, `${app.url}/`, phone(), async (page) => {
      for (const barcode of barcodeSymbologies) {
        const code = codes[barcode] ?? 'K7PQ4MWX9ZRT';
        const token = app.services.put(known({ barcode }, { code }));
        await page.goto(`${app.url}/c/${token}`);
        const drawn = page.locator('.barcode svg');
        const { width } = (await drawn.boundingBox())!;
        expect([barcode, width >= 220]).toEqual([barcode, true]);
        const format = formats[barcodeSymbologies.indexOf(barcode)];
        expect(await scan(await drawn.screenshot())).toEqual({ format, text: code });
        await photograph(page, `barcode-${barcode}`);
      }
    });
  });

  const redeem = (coupon: ReturnType<typeof known>) => {
    const { accountId, id, campaignId, code } = coupon.coupon;
    app.services.settle(coupon, redeemedState());
    app.services.tell(CouponRedeemed, {
      redemptionId: newId('redemption'),
      accountId,
      couponId: id,
      campaignId,
      code,
      storeId: 'store-7',
      terminalId: null,
      channel: 'store',
      transactionRef: null,
      basket: null,
      discount: null,
      redeemedAt: new Date().toISOString(),
    });
  };

  it('flips to redeemed while it is open, by the event alone, and says so aloud', async () => {
    const coupon = known();
    const token = app.services.put(coupon);
    await visit(browser, `${app.url}/c/${token}`, phone(), async (page) => {
      await page.locator('#live').waitFor();
      redeem(coupon);
      await page.locator('[data-state=redeemed]').waitFor();
      expect(await page.locator('#said').textContent()).toContain('Redeemed');
      expect(await page.title()).toMatch(/^Redeemed/);
      expect(await page.content()).not.toContain('K7PQ');
      expect(await faultsFoundByAxe(page)).toEqual([]);
    });
  });

  it('tells the truth after the connection was lost and came back', async () => {
    const coupon = known();
    const token = app.services.put(coupon);
    await visit(browser, `${app.url}/c/${token}`, phone(), async (page) => {
      await page.locator('#live').waitFor();
      await page.context().setOffline(true);
      redeem(coupon);
      await page.context().setOffline(false);
      await page.locator('[data-state=redeemed]').waitFor();
    });
  });

  it('takes an edited colour and title without being loaded again', async () => {
    const coupon = known();
    const token = app.services.put(coupon);
    await visit(browser, `${app.url}/c/${token}`, phone(), async (page) => {
      await page.locator('#live').waitFor();
      await page.evaluate('window.stillHere = true');
      const edited = { ...coupon.campaign, version: 2, content: { title: 'Tea today', color: '#7a1fa2' } };
      app.services.put({ ...coupon, campaign: edited });
      app.services.tell(CampaignChanged, edited);
      await page.getByRole('heading', { name: 'Tea today' }).waitFor();
      const ground = 'getComputedStyle(document.querySelector(".offer")).backgroundColor';
      expect(await page.evaluate(ground)).toBe('rgb(122, 31, 162)');
      expect(await page.evaluate('window.stillHere')).toBe(true);
    });
  });

  it('needs no script: the same page, and the truth on loading it again', async () => {
    const coupon = known();
    const token = app.services.put(coupon);
    await visit(browser, `${app.url}/c/${token}`, phone({ javaScriptEnabled: false }), async (page) => {
      expect(await page.locator('.groups').innerText()).toMatch(/K7PQ\s+4MWX\s+9ZRT/);
      expect(await page.locator('.barcode svg').isVisible()).toBe(true);
      expect(await page.locator('#live').isVisible()).toBe(false);
      app.services.settle(coupon, redeemedState());
      await page.reload();
      expect(await page.locator('main').innerText()).toContain('Redeemed');
      expect(await page.content()).not.toContain('K7PQ');
    });
  });

  it('keeps the barcode black on white in the dark', async () => {
    const token = app.services.put(known());
    await visit(browser, `${app.url}/c/${token}`, phone({ colorScheme: 'dark' }), async (page) => {
      const fill = 'getComputedStyle(document.querySelector(".barcode rect")).fill';
      expect(await page.evaluate(fill)).toBe('rgb(255, 255, 255)');
    });
  });

  it('is read aloud in a sensible order, the code letter by letter', async () => {
    const token = app.services.put(known());
    await visit(browser, `${app.url}/c/${token}`, phone(), async (page) => {
      const tree = await page.locator('body').ariaSnapshot();
      const order = [
        '25% off',
        'heading "Any coffee',
        'heading "Show this at the till"',
        'img "Barcode',
        'K 7 P Q, 4 M W X, 9 Z R T',
        'Valid',
        'heading "Terms"',
      ];
      const places = order.map((text) => tree.indexOf(text));
      expect(places).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    });
  });

  it('prints as a coupon in black and white', async () => {
    const token = app.services.put(known());
    await visit(
      browser,
      `${app.url}/c/${token}`,
      phone({ viewport: { width: 700, height: 900 } }),
      async (page) => {
        await page.emulateMedia({ media: 'print' });
        expect(await page.locator('#live').isVisible()).toBe(false);
        expect(await page.locator('.barcode').isVisible()).toBe(true);
        await photograph(page, 'print');
      },
    );
  });

  it('does not let a broken picture stand in the way', async () => {
    const content = { title: 'Without its picture', imageUrl: `${pictures.url}/missing.png` };
    const token = app.services.put(known({ content }), issuedState);
    await visit(browser, `${app.url}/c/${token}`, phone(), async (page) => {
      await eventually(async () => expect(await page.locator('img').count()).toBe(0));
    });
  });
});

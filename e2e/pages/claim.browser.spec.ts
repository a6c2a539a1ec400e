import { describeWithBrowser, eventually } from '@tearoff/testing';
import type { Browser, Page } from 'playwright-core';
import { startSystem, type System } from '../api/system';
import { expectSound, launch, overflows, phone, photograph, visit } from './browser';
import { startOtherSite, type OtherSite } from './other-site';

describeWithBrowser('claims in a browser', () => {
  let system: System;
  let browser: Browser;
  let shop: OtherSite;
  let key: string;
  let widgetCampaign: string;
  let last = 0;

  beforeAll(async () => {
    [system, browser] = await Promise.all([startSystem(), launch()]);
    shop = await startOtherSite(() => ({ url: system.url, campaign: widgetCampaign, key }));
    const made = await system.post('/v1/api-keys', {
      name: 'shop',
      scopes: ['public'],
      origins: [shop.origin],
    });
    key = made.body.clientId;
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([shop?.close(), system?.stop()]);
  });

  const campaignOf = async (claim: object = {}, changes: object = {}): Promise<string> => {
    const { body } = await system.post('/v1/campaigns', {
      name: 'internal',
      content: {
        title: 'Any coffee and a cinnamon bun',
        description: 'Come in out of the cold.',
        terms: 'One coupon for each guest.',
        color: '#0b6b5d',
      },
      discount: { kind: 'percent', value: 25 },
      claim: { public: true, country: 'GB', origins: [shop.origin], ...claim },
      ...changes,
    });
    return body.id;
  };
  const choice = {
    type: 'choice',
    offers: [
      { id: 'coffee', content: { title: 'Coffee', description: 'Any size.' } },
      { id: 'tea', content: { title: 'Tea' }, discount: { kind: 'percent', value: 30 } },
    ],
  };
  /** A number that no one has used in this run. */
  const aNumber = (): string => `07400 1${String(++last).padStart(2, '0')}${String(last).padStart(3, '0')}`;
  const messages = async (number: string): Promise<string[]> => {
    const to = encodeURIComponent(number.replace(/^0/, '+44').replace(/\s/g, ''));
    const { body } = await system.get(`/v1/sandbox/messages?to=${to}`);
    return (body.data as { text: string }[]).map(({ text }) => text).reverse();
  };
  /** What has come to the number, the oldest first, once that many have. */
  const arrived = (number: string, count = 1) =>
    eventually(async () => {
      const texts = await messages(number);
      expect(texts).toHaveLength(count);
      return texts;
    });
  const consentsOf = async (number: string) =>
    (
      await system.get(
        `/v1/consents?address=${encodeURIComponent(number.replace(/^0/, '+44').replace(/\s/g, ''))}`,
      )
    ).body.data as object[];
  const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();

  it('the page takes a claim by keyboard alone, and keeps what was agreed to', async () => {
    const consent = 'Send me offers by SMS. Reply STOP to end.';
    const campaign = await campaignOf({ countries: ['IE'], consent }, choice);
    await visit(browser, `${system.url}/o/${campaign}?s=tv`, phone(), async (page) => {
      await expectSound(page, 'claim-form');
      const number = aNumber();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.type(number);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await heading(page, 'It is on its way');
      await expectSound(page, 'claim-accepted');
      expect(await page.context().cookies()).toEqual([]);
      expect((await arrived(number))[0]).toMatch(/^Coffee: http\S+\/c\//);
      expect(await consentsOf(number)).toMatchObject([{ kind: 'granted', how: 'claim_page', text: consent }]);
    });
  });

  it('the page says what is wrong, where the reader is taken', async () => {
    const campaign = await campaignOf({ consent: 'Send me offers by SMS.' });
    const look = async (page: Page): Promise<void> => {
      await page.getByLabel('Mobile number').fill('123');
      await page.getByRole('button').click();
      const alert = page.getByRole('alert');
      await alert.waitFor();
      expect(await alert.innerText()).toBe('Please enter a valid mobile number.');
      expect(await page.evaluate('document.activeElement.id')).toBe('wrong');
      await expectSound(page, 'claim-wrong');
    };
    await visit(browser, `${system.url}/o/${campaign}`, phone(), look, /status of 4(00|22)/);
  });

  it('the page of a mystery and of a paused campaign are sound', async () => {
    const pages = {
      mystery: await campaignOf({}, { ...choice, type: 'mystery' }),
      paused: await campaignOf({}, { status: 'paused' }),
    };
    for (const [name, campaign] of Object.entries(pages))
      await visit(browser, `${system.url}/o/${campaign}`, phone(), async (page) => {
        if (name === 'paused') await heading(page, 'Taking a break');
        await expectSound(page, `claim-${name}`);
      });
  });

  it('the widget works on another site, under its policy, untouched by its styles', async () => {
    widgetCampaign = await campaignOf(
      { countries: ['IE'], consent: 'Send me offers.', proofOfWork: true },
      choice,
    );
    const look = async (page: Page): Promise<void> => {
      await heading(page, 'Any coffee');
      await expectSound(page, 'claim-widget');
      const button = page.getByRole('button', { name: 'Get the coupon' });
      await button.click();
      const alert = page.getByRole('alert');
      await alert.waitFor();
      expect(await alert.innerText()).toBe('Please enter a valid mobile number.');
      await photograph(page, 'claim-widget-wrong');
      const number = aNumber();
      await page.getByLabel('Mobile number').fill(number);
      await button.click();
      await page.getByText('Please choose an offer.').waitFor();
      await page.getByLabel('Tea').check();
      const size =
        'getComputedStyle(document.querySelector("div").shadowRoot.querySelector("label")).fontSize';
      expect(await page.evaluate(size)).toBe('16px');
      await button.click();
      await page.getByText('Please tick the box to go on.').waitFor();
      expect(await messages(number)).toEqual([]);
      await page.getByLabel('Send me offers.').check();
      await button.click();
      await heading(page, 'It is on its way');
      await expectSound(page, 'claim-widget-accepted');
      expect(await page.context().cookies()).toEqual([]);
      expect((await arrived(number))[0]).toMatch(/^Tea: /);
      expect(await consentsOf(number)).toMatchObject([{ how: 'widget', text: 'Send me offers.' }]);
    };
    await visit(browser, `${shop.origin}/`, phone(), look, /status of 4(00|22)/);
  });

  describe('with a passcode', () => {
    const digitsOf = (text: string): string => /\b\d{6}\b/.exec(text)![0];
    const wrong = (digits: string): string => String((Number(digits) + 1) % 1_000_000).padStart(6, '0');

    it.each([true, false])(
      'the page sends the coupon to anyone who brings the digits back (script: %s)',
      async (script) => {
        const campaign = await campaignOf({ passcode: true, consent: 'Send me offers.' });
        const to = aNumber();
        const look = async (page: Page): Promise<void> => {
          await page.getByLabel('Mobile number').fill(to);
          await page.getByLabel('Send me offers.').check();
          await page.getByRole('button').click();
          await page.getByLabel('6-digit code').waitFor();
          const digits = digitsOf((await arrived(to))[0]);
          if (script) await expectSound(page, 'claim-passcode');
          await page.getByLabel('6-digit code').fill(wrong(digits));
          await page.getByRole('button').click();
          await page.getByText('The code is wrong or too old.').waitFor();
          expect([await messages(to), await consentsOf(to)]).toEqual([[expect.anything()], []]);
          await page.getByLabel('6-digit code').fill(`${digits.slice(0, 3)} ${digits.slice(3)}`);
          await page.getByRole('button').click();
          await heading(page, 'It is on its way');
          expect((await arrived(to, 2))[1]).toMatch(/\/c\//);
          expect(await consentsOf(to)).toHaveLength(1);
        };
        const options = phone({ javaScriptEnabled: script });
        await visit(browser, `${system.url}/o/${campaign}`, options, look, /status of 4(00|22)/);
      },
    );

    it('the widget does so too', async () => {
      widgetCampaign = await campaignOf({ passcode: true });
      const to = aNumber();
      await visit(browser, `${shop.origin}/`, phone(), async (page) => {
        await page.getByLabel('Mobile number').fill(to);
        await page.getByRole('button').click();
        await page.getByLabel('6-digit code').waitFor();
        await page.getByLabel('6-digit code').fill(digitsOf((await arrived(to))[0]));
        await page.getByRole('button').click();
        await heading(page, 'It is on its way');
        await arrived(to, 2);
      });
    });
  });

  describe('a game', () => {
    const gameOf = (winChance: number, claim: object = {}): Promise<string> =>
      campaignOf(claim, {
        type: 'game',
        content: { title: 'The daily scratch card', color: '#0b6b5d' },
        offers: [{ id: 'bun', content: { title: 'A cinnamon bun' } }],
        game: { winChance, per: 'day' },
      });

    it.each([
      ['won', 1, 'You have won!'],
      ['lost', 0, 'Not this time'],
    ] as const)('%s on the page lies under a card that is scratched', async (name, winChance, words) => {
      const campaign = await gameOf(winChance);
      const number = aNumber();
      await visit(browser, `${system.url}/o/${campaign}`, phone(), async (page) => {
        if (name === 'won') await expectSound(page, 'claim-game');
        await page.getByLabel('Mobile number').fill(number);
        await page.getByRole('button', { name: 'Play' }).click();
        const scratch = page.getByRole('button', { name: 'Scratch' });
        await scratch.waitFor();
        expect(await page.locator('body').ariaSnapshot()).not.toContain(words);
        await expectSound(page, `claim-game-${name}-covered`);
        await scratch.press('Enter');
        await page.getByRole('heading', { name: words }).waitFor();
        expect(await page.locator('#said').textContent()).toContain('You can play again from');
        expect(await page.evaluate('document.activeElement.id')).toBe('result');
        await expectSound(page, `claim-game-${name}`);
      });
      const texts = await arrived(number, 1 + winChance);
      const link = texts.map((text) => /http\S+\/g\/\S+/.exec(text)?.[0]).find(Boolean)!;
      await visit(browser, link, phone(), (page) => page.locator('[data-state=played]').waitFor());
    });

    it('is told in words without script, and in the widget', async () => {
      const campaign = await gameOf(1);
      const plain = phone({ javaScriptEnabled: false });
      await visit(browser, `${system.url}/o/${campaign}?lang=uk`, plain, async (page) => {
        await page.locator('#phone').fill(aNumber());
        await page.getByRole('button').click();
        await heading(page, 'Ви виграли!');
        expect(await page.locator('main').innerText()).toMatch(/купон[\s\S]*Знову зіграти можна з/);
        expect(await page.getByRole('button').count()).toBe(0);
        expect(await overflows(page)).toBe(false);
        await photograph(page, 'claim-game-noscript');
      });
      widgetCampaign = await gameOf(0);
      await visit(browser, `${shop.origin}/`, phone(), async (page) => {
        await page.getByLabel('Mobile number').fill(aNumber());
        await page.getByRole('button', { name: 'Play' }).click();
        await heading(page, 'Not this time');
        await page.getByText(/^You can play again from \d+ \w+ \d{4} at \d\d:\d\d\.$/).waitFor();
        await expectSound(page, 'claim-widget-game');
      });
    });
  });

  it('the page works without script', async () => {
    const campaign = await campaignOf();
    await visit(browser, `${system.url}/o/${campaign}`, phone({ javaScriptEnabled: false }), async (page) => {
      const number = aNumber();
      await page.getByLabel('Mobile number').fill(number);
      await page.getByRole('button').click();
      await heading(page, 'It is on its way');
      await arrived(number);
    });
  });

  it('the page solves a proof of work, and says without script that it cannot', async () => {
    const campaign = await campaignOf({ proofOfWork: true });
    await visit(browser, `${system.url}/o/${campaign}`, phone(), async (page) => {
      await page.getByLabel('Mobile number').fill(aNumber());
      await page.getByRole('button').click();
      await heading(page, 'It is on its way');
    });
    await visit(browser, `${system.url}/o/${campaign}`, phone({ javaScriptEnabled: false }), async (page) => {
      expect(await page.locator('main').innerText()).toContain('needs JavaScript');
      await photograph(page, 'claim-noscript');
    });
  });
});

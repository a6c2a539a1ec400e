import { describeWithBrowser, eventually } from '@tearoff/testing';
import type { Browser, Page } from 'playwright-core';
import { startSystem, type System } from '../api/system';
import { faultsFoundByAxe, launch, overflows, phone, photograph, visit } from './browser';
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
  /** A number that nobody has used in this run. */
  const aNumber = (): string => `07400 1${String(++last).padStart(2, '0')}${String(last).padStart(3, '0')}`;
  const messages = async (number: string) =>
    (
      await system.get(
        `/v1/sandbox/messages?to=${encodeURIComponent(number.replace(/^0/, '+44').replace(/\s/g, ''))}`,
      )
    ).body.data as { text: string }[];
  const arrived = (number: string) => eventually(async () => expect(await messages(number)).toHaveLength(1));
  const sane = async (page: Page): Promise<void> => {
    expect(await faultsFoundByAxe(page)).toEqual([]);
    expect(await overflows(page)).toBe(false);
  };

  describe.each([
    { width: 320, colorScheme: 'light' },
    { width: 320, colorScheme: 'dark' },
    { width: 1280, colorScheme: 'light' },
  ] as const)('$width px wide, $colorScheme', ({ width, colorScheme }) => {
    const options = phone({ viewport: { width, height: 760 }, colorScheme });
    const look = (name: string) => `claim-${name}-${width}-${colorScheme}`;

    it('the page takes a claim by keyboard alone', async () => {
      const campaign = await campaignOf(
        { countries: ['IE'], consent: 'Send me offers by SMS. Reply STOP to end.' },
        choice,
      );
      await visit(browser, `${system.url}/o/${campaign}?s=tv`, options, async (page) => {
        await sane(page);
        await photograph(page, look('form'));
        const number = aNumber();
        await page.keyboard.press('Tab');
        await page.keyboard.press('Space');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Tab');
        await page.keyboard.type(number);
        await page.keyboard.press('Tab');
        await page.keyboard.press('Space');
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'It is on its way' }).waitFor();
        await sane(page);
        await photograph(page, look('accepted'));
        expect(await page.context().cookies()).toEqual([]);
      });
    });

    it('the page says what is wrong, where the reader is taken', async () => {
      const campaign = await campaignOf({ consent: 'Send me offers by SMS.' });
      await visit(
        browser,
        `${system.url}/o/${campaign}`,
        options,
        async (page) => {
          await page.getByLabel('Mobile number').fill('123');
          await page.getByRole('button').click();
          const alert = page.getByRole('alert');
          await alert.waitFor();
          expect(await alert.innerText()).toBe('Please enter a valid mobile number.');
          expect(await page.evaluate('document.activeElement.id')).toBe('wrong');
          await sane(page);
          await photograph(page, look('wrong'));
        },
        /status of 4(00|22)/,
      );
    });

    it('the page of a mystery and of a paused campaign are sound', async () => {
      const mystery = await campaignOf({}, { ...choice, type: 'mystery' });
      await visit(browser, `${system.url}/o/${mystery}`, options, async (page) => {
        await sane(page);
        await photograph(page, look('mystery'));
      });
      const paused = await campaignOf({}, { status: 'paused' });
      await visit(browser, `${system.url}/o/${paused}`, options, async (page) => {
        await page.getByRole('heading', { name: 'Taking a break' }).waitFor();
        await sane(page);
        await photograph(page, look('paused'));
      });
    });

    it('the widget works on another site, under its policy, untouched by its styles', async () => {
      widgetCampaign = await campaignOf(
        { countries: ['IE'], consent: 'Send me offers.', proofOfWork: true },
        choice,
      );
      await visit(
        browser,
        `${shop.origin}/`,
        options,
        async (page) => {
          await page.getByRole('heading', { name: 'Any coffee' }).waitFor();
          await sane(page);
          await photograph(page, look('widget'));
          const button = page.getByRole('button', { name: 'Get the coupon' });
          await button.click();
          const alert = page.getByRole('alert');
          await alert.waitFor();
          expect(await alert.innerText()).toBe('Please enter a valid mobile number.');
          await photograph(page, look('widget-wrong'));
          await page.getByLabel('Mobile number').fill(aNumber());
          await button.click();
          await page.getByText('Please choose an offer.').waitFor();
          await page.getByLabel('Tea').check();
          const size =
            'getComputedStyle(document.querySelector("div").shadowRoot.querySelector("label")).fontSize';
          expect(await page.evaluate(size)).toBe('16px');
          await page.getByLabel('Send me offers.').check();
          await button.click();
          await page.getByRole('heading', { name: 'It is on its way' }).waitFor();
          await sane(page);
          expect(await page.context().cookies()).toEqual([]);
        },
        /status of 4(00|22)/,
      );
    });
  });

  it('the page works without script', async () => {
    const campaign = await campaignOf();
    await visit(browser, `${system.url}/o/${campaign}`, phone({ javaScriptEnabled: false }), async (page) => {
      const number = aNumber();
      await page.getByLabel('Mobile number').fill(number);
      await page.getByRole('button').click();
      await page.getByRole('heading', { name: 'It is on its way' }).waitFor();
      await arrived(number);
    });
  });

  it('the page solves a proof of work, and says without script that it cannot', async () => {
    const campaign = await campaignOf({ proofOfWork: true });
    await visit(browser, `${system.url}/o/${campaign}`, phone(), async (page) => {
      await page.getByLabel('Mobile number').fill(aNumber());
      await page.getByRole('button').click();
      await page.getByRole('heading', { name: 'It is on its way' }).waitFor();
    });
    await visit(browser, `${system.url}/o/${campaign}`, phone({ javaScriptEnabled: false }), async (page) => {
      expect(await page.locator('main').innerText()).toContain('needs JavaScript');
      await photograph(page, 'claim-noscript');
    });
  });
});

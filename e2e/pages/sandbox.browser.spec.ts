import { newId } from '@tearoff/contracts';
import { describeWithBrowser } from '@tearoff/testing';
import type { Browser } from 'playwright-core';
import { expectSound, faultsFoundByAxe, launch, phone, visit } from './browser';
import { startPages, type PagesApp } from './pages-app';

type Message = PagesApp['services']['messages'][number];

const sms = (changes: Partial<Message> = {}): Message => ({
  id: newId('delivery'),
  deliveryId: newId('delivery'),
  channel: 'sms',
  to: '+447700900123',
  from: 'Tearoff',
  subject: null,
  text: 'Any coffee and a bun, 25% off: https://coupons.example/c/Tq3vZ9mXw2LrK8sYb1Nc4A.',
  html: null,
  headers: {},
  at: '2025-11-21T10:00:00.000Z',
  ...changes,
});

const email = (changes: Partial<Message> = {}): Message =>
  sms({
    channel: 'email',
    to: 'ann@example.com',
    from: 'Tearoff <coupons@example.com>',
    subject: 'A bun for you',
    text: 'Hello Ann,\n\nyour coupon: https://coupons.example/c/abc',
    html: '<p style="color:green">Hello <b>Ann</b></p><p><a href="https://coupons.example/c/abc">Your coupon</a></p>',
    headers: { 'List-Unsubscribe': '<https://coupons.example/u/xyz>' },
    ...changes,
  });

describeWithBrowser('the sandbox inbox', () => {
  let app: PagesApp;
  let browser: Browser;
  beforeAll(async () => {
    [app, browser] = await Promise.all([startPages(), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });
  beforeEach(() => {
    app.services.messages = [email(), sms()];
    app.services.sandboxOn = true;
  });

  it.each(['/sandbox', '/sandbox?to=no one@example.com', '/'])('is sound: %s', async (path) => {
    await visit(browser, app.url + path, phone(), async (page) => {
      for (const details of await page.locator('summary').all()) await details.click();
      await expectSound(page, `inbox${path.replace(/\W+/g, '-')}`);
    });
  });

  it('makes the link in a text message clickable, without the full stop after it', async () => {
    await visit(browser, `${app.url}/sandbox`, phone(), async (page) => {
      const link = page.locator('.sms .text a');
      expect(await link.getAttribute('href')).toBe('https://coupons.example/c/Tq3vZ9mXw2LrK8sYb1Nc4A');
    });
  });

  it('shows a mail as HTML in a frame that can do nothing', async () => {
    const hostile =
      '<script>parent.document.title = "owned"</script><img src=x onerror="parent.document.title=1">';
    app.services.messages = [email({ html: `<p style="color:rgb(0,128,0)">Green</p>${hostile}` })];
    const options = phone();
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(`${app.url}/sandbox`);
    await page.getByText('As HTML').click();
    const text = page.frameLocator('iframe').getByText('Green');
    await text.waitFor();
    const color = 'getComputedStyle(document.querySelector("p")).color';
    expect(await page.frames()[1].evaluate(color)).toBe('rgb(0, 128, 0)');
    expect(await page.title()).toBe('Sandbox inbox · Tearoff');
    await context.close();
  });

  it('does no harm with hostile messages', async () => {
    const hostile = `"><script>document.title='owned'</script><img src=x onerror="document.title='owned'">`;
    app.services.messages = [
      email({ to: hostile, from: hostile, subject: hostile, text: hostile, headers: { [hostile]: hostile } }),
    ];
    await visit(browser, `${app.url}/sandbox?to=${encodeURIComponent(hostile)}`, phone(), async (page) => {
      expect(await page.title()).toBe('Sandbox inbox · Tearoff');
      expect(await page.locator('img').count()).toBe(0);
    });
  });

  it('shows one recipient alone', async () => {
    await visit(browser, `${app.url}/sandbox`, phone(), async (page) => {
      await page.getByLabel('Recipient').fill('ann@example.com');
      await page.getByRole('button', { name: 'Filter' }).click();
      await page.waitForURL(/to=ann/);
      expect(await page.locator('article').count()).toBe(1);
    });
  });

  it('lets a new message appear by itself', async () => {
    await visit(browser, `${app.url}/sandbox`, phone(), async (page) => {
      app.services.messages = [sms({ text: 'A new one' }), ...app.services.messages];
      await page.getByText('A new one').waitFor();
      expect(await page.locator('#said').textContent()).toBe('New messages');
    });
  });

  it('is a plain page and nothing more while real providers send', async () => {
    app.services.sandboxOn = false;
    await visit(browser, `${app.url}/sandbox`, phone(), async (page) => {
      expect(await page.locator('h1').innerText()).toBe('The sandbox is off');
      expect(await faultsFoundByAxe(page)).toEqual([]);
    });
  });
});

import { Unsubscribe } from '@tearoff/contracts';
import { describeWithBrowser } from '@tearoff/testing';
import type { Browser } from 'playwright-core';
import { expectSound, launch, phone, visit } from './browser';
import { startPages, type PagesApp } from './pages-app';

describeWithBrowser('the unsubscribe page', () => {
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
    app.services.asked.length = 0;
    app.services.away.clear();
    app.services.links.clear();
    app.services.links.set('open', false).set('done', true);
  });

  it.each(['open', 'done', 'unknown'])('is sound: %s', async (token) => {
    await visit(browser, `${app.url}/u/${token}`, phone(), (page) =>
      expectSound(page, `unsubscribe-${token}`),
    );
  });

  it('asks, and one press of its button does it, without any script', async () => {
    await visit(browser, `${app.url}/u/open`, phone({ javaScriptEnabled: false }), async (page) => {
      expect(await page.locator('strong').textContent()).toMatch(/^a•••@/);
      await page.reload();
      expect(app.services.asked).not.toContain(Unsubscribe.name);
      await page.locator('button').focus();
      await page.keyboard.press('Enter');
      await page.locator('h1', { hasText: 'You are unsubscribed' }).waitFor();
      expect(app.services.links.get('open')).toBe(true);
      expect(page.url()).toBe(`${app.url}/u/open`);
    });
  });

  it.each([
    ['de-AT', 'Ja, abmelden'],
    ['uk', 'Так, відписатися'],
    ['fr-CA', 'Oui, me désabonner'],
    ['ja', 'Yes, unsubscribe'],
  ])('speaks their language: %s', async (locale, button) => {
    const answer = await fetch(`${app.url}/u/open`, { headers: { 'accept-language': locale } });
    expect(/<button[^>]*>([^<]*)</.exec(await answer.text())![1].trim()).toBe(button);
  });

  it('says so when it cannot be done just now, and does not say that it was', async () => {
    app.services.away.add('notification');
    await visit(browser, `${app.url}/u/open`, phone(), async (page) => {
      expect(await page.locator('h1').textContent()).toBe('One moment, please');
    });
    const answer = await fetch(`${app.url}/u/open`, {
      method: 'POST',
      body: new URLSearchParams({ a: '1' }),
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
    expect(app.services.links.get('open')).toBe(false);
  });
});

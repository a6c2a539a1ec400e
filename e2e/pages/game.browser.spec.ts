import { describeWithBrowser } from '@tearoff/testing';
import type { Browser, Page } from 'playwright-core';
import { expectSound, faultsFoundByAxe, launch, phone, photograph, visit } from './browser';
import { aGame, startGame, type GameApp } from '../../apps/gateway/test/game-app';

describeWithBrowser('a scratch card in a browser', () => {
  let app: GameApp;
  let browser: Browser;
  let fresh: GameApp['game'];
  beforeAll(async () => {
    [app, browser] = await Promise.all([startGame(), launch()]);
    fresh = { ...app.game };
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });
  beforeEach(() => void Object.assign(app.game, fresh));

  const state = (page: Page, name: string) => page.locator(`#game[data-state=${name}]`).waitFor();
  const main = (page: Page): Promise<string> => page.locator('main').innerText();

  /** A finger or mouse that goes over the card in lines, as far down as `share` of it. */
  async function scratch(page: Page, share: number): Promise<void> {
    const box = (await page.locator('#cover').boundingBox())!;
    const { x, y, width, height } = box;
    await page.mouse.move(x + 5, y + 5);
    await page.mouse.down();
    for (let line = 10; line < height * share; line += 24) {
      await page.mouse.move(x + 5, y + line, { steps: 2 });
      await page.mouse.move(x + width - 5, y + line, { steps: 3 });
    }
    await page.mouse.up();
  }

  it('is sound before it is scratched, half-way, and once it is won', async () => {
    await visit(browser, await app.link(), phone(), async (page) => {
      await state(page, 'ready');
      await expectSound(page, 'game-ready');
      await scratch(page, 0.25);
      await page.locator('#prize .result').waitFor({ state: 'attached' });
      await expectSound(page, 'game-half-way');
      await scratch(page, 1);
      await state(page, 'won');
      await expectSound(page, 'game-won');
      expect(app.game.plays).toBe(1);
    });
  });

  it.each(['lost', 'played', 'won before', 'ended', 'paused', 'unknown'])(
    'is sound when %s',
    async (kind) => {
      const link = await app.link();
      app.game.mayPlay = kind === 'lost';
      app.game.outcome = 'lost';
      app.game.last = kind === 'won before' ? 'won' : 'lost';
      if (kind === 'ended' || kind === 'paused') app.game.campaign = aGame({ status: kind });
      const url = kind === 'unknown' ? `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}` : link;
      await visit(browser, url, phone(), async (page) => {
        if (kind === 'lost') {
          await page.getByRole('button', { name: 'Scratch' }).click();
          await state(page, 'lost');
        }
        await expectSound(page, `game-${kind.replace(' ', '-')}`);
      });
    },
  );

  it('holds nothing of the prize before it is scratched, and asks once however they scratch', async () => {
    await visit(browser, await app.link(), phone(), async (page) => {
      await state(page, 'ready');
      expect(await page.content()).not.toContain('cinnamon');
      expect(app.game.plays).toBe(0);
      await scratch(page, 1);
      await state(page, 'won');
      await scratch(page, 1);
      expect(app.game.plays).toBe(1);
      expect(await main(page)).toMatch(
        /You have won![\s\S]*A cinnamon bun[\s\S]*100% off[\s\S]*text message/,
      );
    });
  });

  it('is scratched by a finger', async () => {
    const touch = phone({ hasTouch: true, isMobile: true });
    await visit(browser, await app.link(), touch, async (page) => {
      await state(page, 'ready');
      const { x, y, width, height } = (await page.locator('#cover').boundingBox())!;
      const device = await page.context().newCDPSession(page);
      const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', point?: [number, number]) =>
        device.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: point ? [{ x: point[0], y: point[1] }] : [],
        });
      await send('touchStart', [x + 10, y + 10]);
      for (let line = 10; line < height; line += 24)
        for (const at of [10, width / 2, width - 10]) await send('touchMove', [x + at, y + line]);
      await send('touchEnd');
      await state(page, 'won');
      expect(app.game.plays).toBe(1);
    });
  });

  it.each(['Enter', 'Space'])('is scratched by the keyboard (%s), and read aloud', async (key) => {
    const still = phone({ reducedMotion: 'reduce' });
    await visit(browser, await app.link(), still, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.id')).toBe('scratch');
      await page.keyboard.press(key);
      await state(page, 'won');
      expect(await page.locator('#said').textContent()).toMatch(/^You have won. A cinnamon bun. /);
      expect(await page.evaluate('document.activeElement.id')).toBe('result');
      expect(await page.evaluate('getComputedStyle(document.querySelector("#cover")).opacity')).toBe('0');
    });
  });

  it('covers itself again when the play did not get through, and can be tried again', async () => {
    await visit(browser, await app.link(), phone(), async (page) => {
      await page.context().setOffline(true);
      await page.getByRole('button', { name: 'Scratch' }).click();
      await page.locator('#trouble').waitFor();
      expect(await faultsFoundByAxe(page)).toEqual([]);
      await page.context().setOffline(false);
      await page.getByRole('button', { name: 'Scratch' }).click();
      await state(page, 'won');
    });
  });

  it('needs no script: a button, and the page with what it has come to', async () => {
    const plain = phone({ javaScriptEnabled: false, locale: 'de-DE' });
    await visit(browser, await app.link(), plain, async (page) => {
      expect(await page.locator('#field').isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Freirubbeln' }).click();
      await state(page, 'won');
      expect(await main(page)).toMatch(/Sie haben gewonnen![\s\S]*A cinnamon bun[\s\S]*SMS/);
      expect(app.game.plays).toBe(1);
      await photograph(page, 'game-no-script');
    });
  });
});

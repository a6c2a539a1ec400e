import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumPath } from '@tearoff/testing';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export const phone = (changes: BrowserContextOptions = {}): BrowserContextOptions => ({
  viewport: { width: 320, height: 640 },
  deviceScaleFactor: 2,
  locale: 'en-GB',
  ...changes,
});

/** Opens a page, calls `look`, and closes it; what the page itself complained about (policy, script) fails it. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
  /** What it may complain about besides. */
  allowed = /^$/,
): Promise<void> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url, { waitUntil: 'load' });
    await look(page);
    // A test may let an answer be an error on purpose; the browser reports those with their status.
    expect(
      complaints.filter((text) => !/status of (404|503)|net::ERR_/.test(text) && !allowed.test(text)),
    ).toEqual([]);
  } finally {
    await context.close();
  }
}

const looks = [
  { width: 320, colorScheme: 'light' },
  { width: 320, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
] as const;

/**
 * The page as it stands, on a narrow phone, there in the dark, and on a wide screen: axe finds nothing, nothing is cut
 * off. Leaves it as it was.
 */
export async function expectSound(page: Page, name: string): Promise<void> {
  const before = page.viewportSize()!;
  for (const { width, colorScheme } of looks) {
    const look = `${name}-${width}-${colorScheme}`;
    await page.setViewportSize({ width, height: 760 });
    await page.emulateMedia({ colorScheme });
    expect([look, await faultsFoundByAxe(page), await overflows(page)]).toEqual([look, [], false]);
    await photograph(page, look);
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: null });
}

/** What axe finds, one line a fault: the rule and the elements. */
export async function faultsFoundByAxe(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: {
        run(
          options: object,
        ): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await checker.run({ resultTypes: ['violations'] });
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`,
    );
  });
}

/** Whether anything is wider than the window, so that a reader would have to scroll sideways. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

/** For people: with SCREENSHOTS=folder each looked-at page is left there as a picture. */
export async function photograph(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: 'disabled' });
}

import {
  createTestDatabase,
  describeWithBroker,
  describeWithBrowser,
  freePort,
  testBroker,
} from '@tearoff/testing';
import type { Browser, Page } from 'playwright-core';
import { start, type RunningStandalone } from '../../apps/standalone/src/start';
import { faultsFoundByAxe, launch, phone, photograph, visit } from './browser';

const credentials = { id: 'pages-test', secret: 'a-secret-of-the-pages-test-0123456789' };

/** Well before the page would have asked by itself; in truth it is some hundredths of a second. */
const soon = { timeout: 5_000 };

interface System {
  url: string;
  api: (
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ status: number; body: Record<string, string> }>;
  stop(): Promise<void>;
}

async function startSystem(broker?: { url: string; prefix: string }): Promise<System> {
  const database = await createTestDatabase();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const system: RunningStandalone = await start({
    env: {
      PORT: String(port),
      DATABASE_URL: database.url,
      DATABASE_POOL: '4',
      BOOTSTRAP_CLIENT_ID: credentials.id,
      BOOTSTRAP_CLIENT_SECRET: credentials.secret,
      LOG_LEVEL: 'error',
      ...(broker && { RABBITMQ_URL: broker.url, RABBITMQ_PREFIX: broker.prefix }),
    },
  });
  return {
    url,
    api: async (method, path, body) => {
      const headers = new Headers({ authorization: `Bearer ${credentials.id}.${credentials.secret}` });
      const init: RequestInit = { method, headers };
      if (body !== undefined) {
        headers.set('content-type', 'application/json');
        init.body = JSON.stringify(body);
      }
      const answer = await fetch(url + path, init);
      const text = await answer.text();
      return { status: answer.status, body: (text ? JSON.parse(text) : {}) as Record<string, string> };
    },
    stop: async () => {
      await system.stop();
      await database.drop();
    },
  };
}

/** The whole of it as people see it: a message arrives, its link is opened, a till spends the coupon. */
function walk(system: () => System, browser: () => Browser): void {
  const face = (page: Page, state: string) => page.locator(`#face[data-state=${state}]`);

  it('shows a coupon from the message to the till and back, live', async () => {
    const { url, api } = system();
    const store = await api('POST', '/v1/stores', { name: 'Podil' });
    expect(store.status).toBe(201);
    const campaign = await api('POST', '/v1/campaigns', {
      name: 'Autumn',
      content: { title: 'Any coffee and a bun', terms: 'One for each guest.', color: '#8a3ffc' },
      discount: { kind: 'percent', value: 25 },
      timezone: 'Europe/Kyiv',
      validity: { daysAfterIssue: 5 },
    });
    expect(campaign.status).toBe(201);

    await visit(browser(), `${url}/sandbox`, phone(), async (page) => {
      const coupon = await api('POST', '/v1/coupons', {
        campaignId: campaign.body.id,
        recipient: { phone: '+44 7700 900123' },
        channel: 'sms',
      });
      expect(coupon.status).toBe(201);
      const { code } = coupon.body;

      // The message appears by itself; its link opens in a tab of its own.
      const link = page.locator('.sms .text a');
      await link.waitFor();
      expect(await link.getAttribute('href')).toBe(coupon.body.url);
      await photograph(page, 'real-inbox');
      await page.goto(coupon.body.url);
      await face(page, 'valid').waitFor();
      expect((await page.locator('.groups').innerText()).replace(/\s/g, '')).toBe(code);
      expect(await page.locator('main').innerText()).toContain('Valid through');
      await page.locator('#live').waitFor();
      await photograph(page, 'real-valid');

      const redeemed = await api('POST', '/v1/redemptions', {
        code,
        storeId: store.body.id,
        transactionRef: 'r-1',
      });
      expect(redeemed.status).toBe(201);
      await face(page, 'redeemed').waitFor(soon);
      expect(await page.locator('main').innerText()).toContain('at Podil');
      expect((await page.content()).replace(/\s/g, '')).not.toContain(code);
      expect(await faultsFoundByAxe(page)).toEqual([]);
      await photograph(page, 'real-redeemed');
      expect((await api('POST', '/v1/redemptions', { code, transactionRef: 'r-2' })).status).toBe(409);

      expect(
        (await api('POST', `/v1/redemptions/${redeemed.body.id}/reverse`, { reason: 'wrong' })).status,
      ).toBe(200);
      await face(page, 'valid').waitFor(soon);

      const edit = { content: { title: 'Any tea and a bun' } };
      expect((await api('PATCH', `/v1/campaigns/${campaign.body.id}`, edit)).status).toBe(200);
      await page.getByRole('heading', { name: 'Any tea and a bun' }).waitFor(soon);
      expect((await api('PATCH', `/v1/campaigns/${campaign.body.id}`, { status: 'paused' })).status).toBe(
        200,
      );
      await face(page, 'paused').waitFor(soon);
      expect((await api('PATCH', `/v1/campaigns/${campaign.body.id}`, { status: 'active' })).status).toBe(
        200,
      );
      await face(page, 'valid').waitFor(soon);

      expect((await api('POST', `/v1/coupons/${coupon.body.id}/void`, { reason: 'test' })).status).toBe(200);
      await face(page, 'voided').waitFor(soon);
    });
  });

  it.each(['/', '/sandbox', '/c/unknownunknownunknown'])('answers %s without credentials', async (path) => {
    const answer = await fetch(system().url + path);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  });
}

describeWithBrowser('a coupon in the whole system', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  describe('in one process', () => {
    let system: System;
    beforeAll(async () => {
      system = await startSystem();
    });
    afterAll(() => system.stop());
    walk(
      () => system,
      () => browser,
    );
  });

  describeWithBroker('over RabbitMQ', () => {
    let system: System;
    let cleanup: () => Promise<void>;
    beforeAll(async () => {
      const broker = testBroker();
      cleanup = broker.cleanup;
      system = await startSystem(broker);
    });
    afterAll(async () => {
      await system.stop();
      await cleanup();
    });
    walk(
      () => system,
      () => browser,
    );
  });
});

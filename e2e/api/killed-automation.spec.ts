import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { rabbitTransport } from '@tearoff/messaging';
import type { RunningService } from '@tearoff/service-kit';
import {
  createTestDatabase,
  describeWithBroker,
  eventually,
  testBroker,
  type TestBroker,
  type TestDatabase,
} from '@tearoff/testing';
import { Client } from 'pg';
import { start as startGateway, type RunningGateway } from '../../apps/gateway/src/start';
import { caller, type Answer } from '../../apps/gateway/test/harness';
import { start as startIssuance } from '../../apps/issuance/src/start';
import { start as startNotification } from '../../apps/notification/src/start';
import { admin } from './system';

const root = join(__dirname, '../..');

describeWithBroker('automation that is killed in the middle of a step', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let services: RunningService[] = [];
  let gateway: RunningGateway;
  let automation: ChildProcess | undefined;
  let sql: Client;
  let ask: (method: string, path: string, body?: unknown) => Promise<Answer>;
  let campaignId: string;
  let templateId: string;
  let answer: (response: ServerResponse) => void;
  const heard: string[] = [];
  const endpoint = createServer((request, response) => {
    heard.push(String(request.headers['webhook-id']));
    request.resume();
    answer(response);
  });

  beforeAll(async () => {
    database = await createTestDatabase();
    broker = testBroker();
    const { url, prefix } = broker;
    const host = {
      env: {
        PORT: '0',
        LOG_LEVEL: 'silent',
        DATABASE_POOL: '4',
        RATE_LIMIT: 'off',
        BOOTSTRAP_CLIENT_ID: admin['x-client-id'],
        BOOTSTRAP_CLIENT_SECRET: admin['x-client-secret'],
      },
      transport: rabbitTransport({ url, prefix }),
      databaseUrl: database.url,
    };
    services = await Promise.all([startIssuance(host), startNotification(host)]);
    gateway = await startGateway({ ...host, standalone: true });
    const call = caller(gateway.url);
    ask = (method, path, body) => call(method, path, { as: admin, body });
    sql = new Client({ connectionString: database.url });
    await sql.connect();
    endpoint.listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    campaignId = (await ask('POST', '/v1/campaigns', { name: 'Killed' })).body.id as string;
    const template = { name: 'Killed', channel: 'sms', body: "Your code: $!data.get('code')" };
    templateId = (await ask('POST', '/v1/templates', template)).body.id as string;
  });
  beforeEach(async () => {
    heard.length = 0;
    answer = (response) => response.end();
    await startAutomation();
  });
  afterEach(() => kill());
  afterAll(async () => {
    await sql?.end();
    await gateway?.stop();
    await Promise.all(services.map((service) => service.stop()));
    endpoint.closeAllConnections();
    endpoint.close();
    await broker?.cleanup();
    await database?.drop();
  });

  async function startAutomation(): Promise<void> {
    const main = [join(root, 'scripts/lib/register.cjs'), join(root, 'apps/automation/src/main.ts')];
    automation = spawn(process.execPath, ['-r', ...main], {
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: database.url,
        RABBITMQ_URL: broker.url,
        RABBITMQ_PREFIX: broker.prefix,
        METRICS_PORT: '0',
        DATABASE_POOL: '4',
        LOG_LEVEL: 'silent',
        WEBHOOK_ALLOW_PRIVATE: 'true',
      },
    });
    await eventually(async () => expect((await ask('GET', '/v1/workflows')).status).toBe(200), {
      // A busy machine compiles and starts the process in twelve seconds.
      timeoutMs: 60_000,
    });
  }

  async function kill(): Promise<void> {
    if (!automation || automation.signalCode) return;
    const gone = once(automation, 'exit');
    automation.kill('SIGKILL');
    await gone;
  }

  /** No one writes there until it is let go. */
  async function hold(table: string): Promise<void> {
    await sql.query('begin');
    await sql.query(`lock table ${table} in share mode`);
  }

  /** While whom automation has asked waits to write, and it for the answer. */
  async function killInTheMiddle(): Promise<void> {
    await eventually(async () => {
      const { rowCount } = await sql.query(
        `select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))`,
      );
      expect(rowCount).toBeGreaterThan(0);
    });
    await kill();
    await sql.query('commit');
  }

  async function begin(event: string, phone: string): Promise<string> {
    const { port } = endpoint.address() as AddressInfo;
    const { body } = await ask('POST', '/v1/workflows', {
      name: event,
      trigger: { event },
      steps: [
        { name: 'gift', issueCoupon: { campaignId } },
        { sendMessage: { templateId, data: { code: '${steps.gift.code}' } } },
        { webhook: { url: `http://127.0.0.1:${port}/` } },
      ],
    });
    await ask('POST', '/v1/events', { type: event, contact: { phone } });
    return `/v1/workflows/${body.id as string}/runs`;
  }

  async function outcome(runs: string, phone: string): Promise<unknown> {
    await eventually(
      async () => expect((await ask('GET', `${runs}?status=completed`)).body.data).toHaveLength(1),
      { timeoutMs: 20_000 },
    );
    const to = encodeURIComponent(phone);
    const coupons = (await ask('GET', `/v1/coupons?phone=${to}`)).body.data as { code: string }[];
    const messages = await eventually(async () => {
      const { body } = await ask('GET', `/v1/sandbox/messages?to=${to}`);
      expect(body.data).not.toEqual([]);
      return body.data as { text: string }[];
    });
    return { coupons: coupons.map(({ code }) => code), texts: messages.map(({ text }) => text) };
  }

  it('has issued one coupon, sent one message and called once when it is done, whichever step it was at', async () => {
    const phone = '+447400700001';
    await hold('issuance.coupon');
    const runs = await begin('killed twice', phone);
    await killInTheMiddle();
    await hold('notification.delivery');
    await startAutomation();
    await killInTheMiddle();
    await startAutomation();
    const { coupons, texts } = (await outcome(runs, phone)) as Record<string, string[]>;
    expect(coupons).toHaveLength(1);
    expect(texts).toEqual([`Your code: ${coupons[0]}`]);
    expect(heard).toHaveLength(1);
  }, 90_000);

  it('calls again under the same id what had not answered yet', async () => {
    const phone = '+447400700002';
    answer = () => undefined;
    const runs = await begin('killed calling', phone);
    await eventually(() => expect(heard).toHaveLength(1));
    await kill();
    answer = (response) => response.end();
    await startAutomation();
    const { coupons, texts } = (await outcome(runs, phone)) as Record<string, string[]>;
    expect([coupons.length, texts.length]).toEqual([1, 1]);
    expect([heard.length, new Set(heard).size]).toEqual([2, 1]);
  }, 90_000);
});

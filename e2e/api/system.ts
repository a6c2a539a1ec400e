import { createTestDatabase, describeWithBroker, eventually, freePort, testBroker } from '@tearoff/testing';
import { caller, type Answer, type CallOptions } from '../../apps/gateway/test/harness';
import { start } from '../../apps/standalone/src/start';

export { eventually };

export const admin = { 'x-client-id': 'e2e', 'x-client-secret': 'e2e-secret-of-the-admin-key' };

export interface System {
  url: string;
  /** As one who may look into every service's tables. */
  databaseUrl: string;
  /** For another process of the same system. */
  broker: { url: string; prefix: string } | null;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  stop(): Promise<void>;
}

export type TransportName = 'in-process' | 'RabbitMQ';

/** Every service in this process, on a database of its own. */
export async function startSystem(
  transport: TransportName = 'in-process',
  env: NodeJS.ProcessEnv = {},
): Promise<System> {
  const database = await createTestDatabase();
  const broker = transport === 'RabbitMQ' ? testBroker() : null;
  const port = await freePort();
  const leaveNothing = async (): Promise<void> => {
    await broker?.cleanup();
    await database.drop();
  };
  const running = await start({
    env: {
      PORT: String(port),
      DATABASE_URL: database.url,
      ...(broker && { RABBITMQ_URL: broker.url, RABBITMQ_PREFIX: broker.prefix }),
      BOOTSTRAP_CLIENT_ID: admin['x-client-id'],
      BOOTSTRAP_CLIENT_SECRET: admin['x-client-secret'],
      RATE_LIMIT: 'off',
      LOG_LEVEL: process.env.E2E_LOG ?? 'silent',
      DATABASE_POOL: '4',
      ...env,
    },
  }).catch(async (error: unknown) => {
    await leaveNothing();
    throw error;
  });
  const plain = caller(running.gateway.url);
  const call: System['call'] = (method, path, options = {}) => plain(method, path, { as: admin, ...options });
  return {
    url: running.gateway.url,
    databaseUrl: database.url,
    broker,
    call,
    post: (path, body, headers) => call('POST', path, { body, headers }),
    get: (path, headers) => call('GET', path, { headers }),
    stop: async () => {
      await running.stop();
      await leaveNothing();
    },
  };
}

/** The same tests on both transports. */
export function onBothTransports(name: string, tests: (transport: TransportName) => void): void {
  describe(`${name}, in one process`, () => tests('in-process'));
  describeWithBroker(`${name}, over RabbitMQ`, () => tests('RabbitMQ'));
}

export type { Answer };

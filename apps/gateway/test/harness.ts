import { createTestDatabase, freePort } from '@tearoff/testing';
import { start, type RunningGateway } from '../src/start';
import { expectNothingEmpty } from '../src/pages/test/sound-html';
import { expectDocumented } from './documented';
import { StandIns } from './stand-ins';

export const admin = { 'x-client-id': 'test-admin', 'x-client-secret': 'not-a-secret-at-all-but-long' };

export interface Answer {
  status: number;
  headers: Headers;
  // Tests look into it freely.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

export interface CallOptions {
  headers?: Record<string, string>;
  body?: unknown;
  /** Sent as it is, with the content type given. */
  raw?: string | Buffer | ReadableStream;
  as?: Record<string, string> | null;
  /** The answer is an error that no service would give: the document need not have it. */
  invented?: boolean;
}

export interface Harness {
  gateway: RunningGateway;
  others: StandIns;
  databaseUrl: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** A key with these scopes, as headers. */
  keyFor(...scopes: string[]): Promise<Record<string, string> & { id: string }>;
  stop(): Promise<void>;
}

/** A gateway on a database of its own, with stand-ins for the other services. */
export async function startHarness(env: NodeJS.ProcessEnv = {}): Promise<Harness> {
  const database = await createTestDatabase();
  const others = new StandIns();
  await others.open();
  const gateway = await startGateway(others, database.url, env);
  const call = caller(gateway.url);
  return {
    gateway,
    others,
    databaseUrl: database.url,
    call,
    keyFor: async (...scopes) => {
      const { body } = await call('POST', '/v1/api-keys', { body: { name: 'test', scopes } });
      return { id: body.id, 'x-client-id': body.clientId, 'x-client-secret': body.clientSecret };
    },
    stop: async () => {
      await gateway.stop();
      await database.drop();
    },
  };
}

/** One gateway process on that database; several may share it. */
export async function startGateway(
  others: StandIns,
  databaseUrl: string,
  env: NodeJS.ProcessEnv = {},
): Promise<RunningGateway> {
  return start({
    env: {
      PORT: String(await freePort()),
      BOOTSTRAP_CLIENT_ID: admin['x-client-id'],
      BOOTSTRAP_CLIENT_SECRET: admin['x-client-secret'],
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'silent',
      DATABASE_POOL: '3',
      ...env,
    },
    transport: others.transport,
    databaseUrl,
    standalone: true,
  });
}

/** Every error that is answered to it must be documented, and no page may have empty parts. */
export function caller(url: string): Harness['call'] {
  return async (method, path, { headers = {}, body, raw, as = admin, invented = false } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { ...as, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
      ...(raw instanceof ReadableStream && { duplex: 'half' }),
    });
    const text = await response.text();
    const { status, headers: answered } = response;
    const type = answered.get('content-type') ?? '';
    const answer: Answer = { status, headers: answered, body: /json/.test(type) ? JSON.parse(text) : text };
    if (type.startsWith('text/html')) expectNothingEmpty(text);
    if (type.includes('problem+json') && !invented) await expectDocumented(url, method, path, answer.body);
    return answer;
  };
}

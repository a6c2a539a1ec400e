import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTestDatabase, eventually, freePort, testBroker } from '@tearoff/testing';
import { caller, type Harness } from '../../apps/gateway/test/harness';
import { admin, type TransportName } from './system';

const root = join(__dirname, '../..');

export interface Attribute {
  key: string;
  value: { stringValue?: string };
}

export interface Span {
  name: string;
  kind: number;
  attributes: Attribute[];
  events?: { name: string; attributes: Attribute[] }[];
  status?: { message?: string };
}

export interface TracedProcess {
  url: string;
  databaseUrl: string;
  call: Harness['call'];
  /** All that it has logged and printed so far. */
  log(): string;
  /** Ends it as an operator does, so that the last spans are sent; then what the collector got. */
  stop(): Promise<{ spans: Span[]; exported: string }>;
  /** Removes its database and its queues. */
  cleanup(): Promise<void>;
}

/**
 * The whole system in a process of its own, as `npm start` runs it, logging everything and exporting its traces here: an
 * instrumentation reaches only a process in which nothing was loaded before it.
 */
export async function startTraced(transport: TransportName, env: NodeJS.ProcessEnv): Promise<TracedProcess> {
  const database = await createTestDatabase();
  const broker = transport === 'RabbitMQ' ? testBroker() : null;
  const port = await freePort();
  let exported = '';
  const spans: Span[] = [];
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      exported += text;
      if (request.url === '/v1/traces') spans.push(...spansOf(text));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const preload = join(root, 'scripts/lib/register.cjs');
  const child = spawn(process.execPath, ['-r', preload, join(root, 'apps/standalone/src/main.ts')], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: database.url,
      ...(broker && { RABBITMQ_URL: broker.url, RABBITMQ_PREFIX: broker.prefix }),
      BOOTSTRAP_CLIENT_ID: admin['x-client-id'],
      BOOTSTRAP_CLIENT_SECRET: admin['x-client-secret'],
      RATE_LIMIT: 'off',
      DATABASE_POOL: '4',
      LOG_LEVEL: 'trace',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_BSP_SCHEDULE_DELAY: '200',
      ...env,
    },
  });
  let log = '';
  const keep = (chunk: Buffer): void => void (log += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = once(child, 'close');
  const url = `http://127.0.0.1:${port}`;
  const cleanup = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await new Promise((resolve) => collector.close(resolve));
    await broker?.cleanup();
    await database.drop();
  };
  const isReady = async (): Promise<boolean> => {
    if (child.exitCode !== null) return true;
    return (await fetch(`${url}/health/ready`).catch(() => null))?.ok ?? false;
  };
  try {
    await eventually(isReady, { timeoutMs: 90_000, intervalMs: 200 });
    if (child.exitCode !== null) throw new Error(`It did not start:\n${log}`);
  } catch (error) {
    await cleanup();
    throw error;
  }
  return {
    url,
    databaseUrl: database.url,
    call: (method, path, options = {}) => caller(url)(method, path, { as: admin, ...options }),
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = (await ended) as [number | null];
      if (code !== 0) throw new Error(`It ended with ${code}:\n${log.slice(-5_000)}`);
      return { spans, exported };
    },
    cleanup,
  };
}

interface Export {
  resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
}

const spansOf = (text: string): Span[] =>
  (JSON.parse(text) as Export).resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap((scope) => scope.spans),
  );

export const attributeOf = ({ attributes }: Span, name: string): string | undefined =>
  attributes.find(({ key }) => key === name)?.value.stringValue;

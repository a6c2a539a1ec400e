import { setTimeout as delay } from 'node:timers/promises';
import { isDatabaseUnavailable, markDriverError } from '@tearoff/contracts';
import { Client, type ClientConfig } from 'pg';
import type { Logger } from '../logging/logger';

/** Splits `?options=` off a connection string: the driver would let it replace the options we add. */
function splitOptions(url: string): { connectionString: string; options: string } {
  if (!URL.canParse(url)) return { connectionString: url, options: '' };
  const parsed = new URL(url);
  const options = parsed.searchParams.get('options') ?? '';
  if (!options) return { connectionString: url, options };
  parsed.searchParams.delete('options');
  return { connectionString: parsed.href, options };
}

/** pg's settings for a connection that begins with these server settings, whatever the URL says of them. */
export function connectionConfig(
  url: string,
  name: string,
  settings: Record<string, string | number>,
): ClientConfig {
  const { connectionString, options } = splitOptions(url);
  const ours = Object.entries(settings).map(([key, value]) => `-c ${key}=${value}`);
  return {
    connectionString,
    application_name: name,
    options: [options, ...ours].filter(Boolean).join(' '),
    // A peer that vanished without a word is noticed in minutes instead of never.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
  };
}

/** Where a connection string points, without its credentials: for messages. */
export function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'the given address';
  const { hostname, port, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? (hostname || 'localhost')}:${port || 5432}${pathname}`;
}

/** One connection, tried until `patienceMs` is over while the server is starting or not there yet. */
export async function connectWithRetry(
  config: ClientConfig,
  patienceMs: number,
  logger?: Logger,
): Promise<Client> {
  const givenUpAt = Date.now() + patienceMs;
  const place = placeOf(config.connectionString ?? '');
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    const client = new Client(config);
    // A connection that breaks while idle raises this; the next query on it fails and says so.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (!isDatabaseUnavailable(markDriverError(error)) || Date.now() + pauseMs > givenUpAt) {
        throw new Error(`The database at ${place} cannot be used: ${reasonOf(error)}`, { cause: error });
      }
      logger?.[pauseMs < 1_000 ? 'debug' : 'warn'](
        { place, reason: reasonOf(error) },
        'waiting for the database',
      );
      await delay(pauseMs);
    }
  }
}

function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
}

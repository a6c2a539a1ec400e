import { createRequire } from 'node:module';
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBroker, findChromium, findDatabase } from './find-servers.mjs';
import { dist } from './stale.mjs';

const require = createRequire(import.meta.url);

/**
 * Finds or starts what tests and benchmarks need: `env` for them (empty = not found), a line for people, and `close`.
 * `openDatabase`: one of the two below.
 */
export async function openTestServers(openDatabase) {
  const closers = [];
  const database = await openDatabase(closers);
  const broker = await openBroker(closers);
  const chromium = findChromium();
  return {
    env: { TEST_DATABASE_URL: database.url, TEST_RABBITMQ_URL: broker.url, TEST_CHROMIUM: chromium ?? '' },
    description: `PostgreSQL: ${database.what} · RabbitMQ: ${broker.what} · Chromium: ${chromium ?? 'none'}`,
    close: async () => {
      for (const close of closers.reverse()) await close();
    },
  };
}

/**
 * For tests: a PostgreSQL of the run's own, the one that comes with `npm start`, unless DATABASE_URL names another. A
 * run makes and drops some thousand tables a minute for hundreds of connections: in memory where there is room, and
 * nothing is flushed.
 */
export async function quickDatabase(closers) {
  const given = process.env.DATABASE_URL;
  if (given) return { url: given, what: withoutPassword(given) };
  const settings = { max_connections: 300, fsync: 'off', full_page_writes: 'off', max_wal_size: '256MB' };
  return roomInMemory()
    ? { url: await embedded('/dev/shm', settings, closers), what: 'embedded, in memory' }
    : { url: await embedded(tmpdir(), settings, closers), what: 'embedded' };
}

/** For measuring: the machine's PostgreSQL, or one that comes with `npm start`, on a disk and with its usual settings. */
export async function lastingDatabase(closers) {
  const found = await findDatabase();
  if (found) return { url: found, what: withoutPassword(found) };
  return { url: await embedded(tmpdir(), {}, closers), what: 'embedded' };
}

async function embedded(folder, settings, closers) {
  const dataDir = mkdtempSync(join(folder, 'tearoff-test-'));
  closers.push(() => rmSync(dataDir, { recursive: true, force: true }));
  // mkdtemp shuts it for everyone else, and root's server runs as another user.
  chmodSync(dataDir, 0o755);
  const path = join(dist, 'libs', 'service-kit', 'src', 'embedded-postgres', 'embedded-postgres.js');
  const server = await require(path).startEmbeddedPostgres({ dataDir, settings, log: () => undefined });
  closers.push(server.stop);
  return server.url;
}

function roomInMemory() {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize >= 2 * 1024 ** 3;
  } catch {
    return false;
  }
}

async function openBroker(closers) {
  const found = await findBroker();
  if (found) return { url: found, what: withoutPassword(found) };
  let container;
  try {
    const { GenericContainer, Wait } = await import('testcontainers');
    container = await new GenericContainer('rabbitmq:4.1-alpine')
      .withExposedPorts(5672)
      .withWaitStrategy(Wait.forLogMessage(/Server startup complete/))
      .start();
  } catch {
    // No container engine, or no way to pull the image.
    return { url: '', what: 'none (set RABBITMQ_URL, or start one on 127.0.0.1:5672)' };
  }
  closers.push(() => container.stop());
  const url = `amqp://guest:guest@${container.getHost()}:${container.getMappedPort(5672)}`;
  return { url, what: `container, ${withoutPassword(url)}` };
}

function withoutPassword(url) {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

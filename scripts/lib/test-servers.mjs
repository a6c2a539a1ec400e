import { createRequire } from 'node:module';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { findBroker, findChromium, findDatabase } from './find-servers.mjs';
import { dist } from './stale.mjs';

const require = createRequire(import.meta.url);

/** Finds or starts what the tests need: `env` for Jest (empty = not found), a line for people, and `close`. */
export async function openTestServers(scratch) {
  const closers = [];
  const database = await openDatabase(scratch, closers);
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

async function openDatabase(scratch, closers) {
  const found = await findDatabase();
  if (found) return { url: found, what: withoutPassword(found) };
  const path = join(dist, 'libs', 'service-kit', 'src', 'embedded-postgres', 'embedded-postgres.js');
  // mkdtemp shuts it for everyone else, and root's server runs as another user.
  chmodSync(scratch, 0o755);
  const server = await require(path).startEmbeddedPostgres({ dataDir: scratch, log: () => undefined });
  closers.push(server.stop);
  return { url: server.url, what: 'embedded' };
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

import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';

/** Where tests look first, after what the environment says. */
export const usualDatabase = 'postgres://postgres@127.0.0.1:5432/postgres';
export const usualBroker = 'amqp://guest:guest@127.0.0.1:5672';

/** The address of a PostgreSQL that answers, or null. A given DATABASE_URL is believed: its failure must be seen. */
export async function findDatabase(env = process.env) {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  return (await answers('127.0.0.1', 5432)) && (await databaseLetsUsIn(usualDatabase)) ? usualDatabase : null;
}

/** The address of a RabbitMQ that answers, or null. */
export async function findBroker(env = process.env) {
  if (env.RABBITMQ_URL) return env.RABBITMQ_URL;
  return (await answers('127.0.0.1', 5672)) && (await brokerLetsUsIn(usualBroker)) ? usualBroker : null;
}

/** The path of a Chromium or Chrome, or null. */
export function findChromium(env = process.env) {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'].filter(
    Boolean,
  );
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  paths.push('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
  paths.push('/Applications/Chromium.app/Contents/MacOS/Chromium');
  return paths.find((path) => existsSync(path)) ?? null;
}

function answers(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const settle = (up) => {
      socket.destroy();
      resolve(up);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });
}

/** A server at the usual place may want a password: then it is somebody's own, and not for our tests. */
async function databaseLetsUsIn(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('select usesuper from pg_user where usename = current_user');
    return rows[0]?.usesuper === true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function brokerLetsUsIn(url) {
  const { connect: connectBroker } = await import('amqplib');
  try {
    const connection = await connectBroker(url, { timeout: 5_000 });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

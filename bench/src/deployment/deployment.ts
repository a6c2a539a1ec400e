import { readFileSync } from 'node:fs';
import { services } from '@tearoff/contracts';
import { freePort, testBroker, type TestDatabase } from '@tearoff/testing';
import { credentials } from './api';
import { ServiceProcess, type ProcessReport } from './service-process';

/** Tearoff running on a database of its own, whichever way. */
export interface Deployment {
  kind: 'standalone' | 'cluster';
  /** The gateway's. */
  port: number;
  databaseUrl: string;
  processes: ServiceProcess[];
  /** Of a cluster: one more notification process that only sends. */
  addWorker(): Promise<ServiceProcess>;
  reports(): ProcessReport[];
  stop(): Promise<void>;
}

export interface Surroundings {
  database: TestDatabase;
  /** Where mail and SMS go. */
  smtpPort: number;
  smsPort: number;
  /** Database connections of each service; its own default by default. */
  pool?: number;
  profile?: string;
  /** Settings besides the usual ones. */
  more?: Record<string, string>;
}

/** All services in one process on the given PostgreSQL, without a broker. */
export async function startStandalone(surroundings: Surroundings): Promise<Deployment> {
  const { database, profile } = surroundings;
  const port = await freePort();
  const env = { ...commonEnv(surroundings, port), RABBITMQ_URL: '' };
  const service = new ServiceProcess({
    name: 'standalone',
    app: 'standalone',
    env,
    healthPort: port,
    flags: flagsOfStart(),
    profile,
  });
  const processes = [service];
  await readyOrStopped(processes);
  return {
    kind: 'standalone',
    port,
    databaseUrl: database.url,
    processes,
    addWorker: () => Promise.reject(new Error('a standalone sends by itself')),
    reports: () => processes.map((process) => process.report()),
    stop: () => service.stop(),
  };
}

/** A process a service, on RabbitMQ. `notification` answers and renders; sending is for workers. */
export async function startCluster(surroundings: Surroundings): Promise<Deployment> {
  const { database, profile } = surroundings;
  const broker = testBroker();
  const port = await freePort();
  const env = {
    ...commonEnv(surroundings, port),
    RABBITMQ_URL: broker.url,
    RABBITMQ_PREFIX: broker.prefix,
    NOTIFICATION_ROLE: 'api',
  };
  const processes: ServiceProcess[] = [];
  const begin = async (name: string, app: string, more: Record<string, string> = {}) => {
    const healthPort = await freePort();
    const process = new ServiceProcess({
      name,
      app,
      env: { ...env, METRICS_PORT: String(healthPort), ...more },
      healthPort,
      profile,
    });
    processes.push(process);
    return process;
  };
  for (const app of services) await begin(app, app);
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((process) => process.stop()));
    await broker.cleanup();
  };
  await readyOrStopped(processes, stop);
  return {
    kind: 'cluster',
    port,
    databaseUrl: database.url,
    processes,
    addWorker: async () => {
      const worker = await begin('notification worker', 'notification', { NOTIFICATION_ROLE: 'worker' });
      await worker.ready();
      return worker;
    },
    reports: () => processes.map((process) => process.report()),
    stop,
  };
}

async function readyOrStopped(
  processes: readonly ServiceProcess[],
  stop?: () => Promise<void>,
): Promise<void> {
  try {
    await Promise.all(processes.map((process) => process.ready()));
  } catch (error) {
    await (stop ? stop() : Promise.all(processes.map((process) => process.stop())));
    throw error;
  }
}

/** What `npm start` tells Node. */
function flagsOfStart(): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

const commonEnv = (
  { database, smtpPort, smsPort, pool, more }: Surroundings,
  port: number,
): Record<string, string> => ({
  DATABASE_URL: database.url,
  ...(pool && { DATABASE_POOL: String(pool) }),
  PORT: String(port),
  PUBLIC_URL: 'https://coupons.example',
  BOOTSTRAP_CLIENT_ID: credentials.clientId,
  BOOTSTRAP_CLIENT_SECRET: credentials.clientSecret,
  SMS_PROVIDER: 'vonage',
  VONAGE_API_KEY: 'bench',
  VONAGE_API_SECRET: 'bench',
  VONAGE_FROM: 'Tearoff',
  VONAGE_API_URL: `http://127.0.0.1:${smsPort}`,
  EMAIL_PROVIDER: 'smtp',
  SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
  SMTP_FROM: 'Tearoff <coupons@tearoff.example>',
  ...more,
});

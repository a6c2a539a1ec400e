import { resolve } from 'node:path';
import { isLoopback, startEmbeddedPostgres, type EmbeddedPostgres } from '@tearoff/service-kit';
import type { RunningGateway } from '../../gateway/src/start';
import { standaloneEnv } from './env';
import { checkPort } from './port';
import { startServices } from './services';

export interface StandaloneHost {
  env: NodeJS.ProcessEnv;
  /** One line of progress. */
  log?: (line: string) => void;
  /** The embedded database has ended by itself. */
  onDatabaseLost?: (message: string) => void;
}

export interface RunningStandalone {
  /** The address that it listens on. */
  host: string;
  gateway: RunningGateway;
  stop(): Promise<void>;
}

/** The whole of Tearoff in one process: on its own PostgreSQL unless DATABASE_URL, without a broker unless RABBITMQ_URL. */
export async function start({
  env,
  log = () => undefined,
  onDatabaseLost,
}: StandaloneHost): Promise<RunningStandalone> {
  const settings = standaloneEnv(env);
  const { PORT: port, HOST: host } = settings;
  const publicUrl = settings.PUBLIC_URL ?? `http://localhost:${port}`;
  await checkPort(port, host);
  let database: EmbeddedPostgres | undefined;
  try {
    if (!settings.DATABASE_URL) {
      const dataDir = resolve(settings.DATA_DIR);
      log(`Starting PostgreSQL on ${dataDir} …`);
      database = await startEmbeddedPostgres({ dataDir, log, onUnexpectedExit: onDatabaseLost });
    }
    log(`Starting the services${settings.RABBITMQ_URL ? ' on RabbitMQ' : ''} …`);
    const services = await startServices({
      // Said once for all of them: each would otherwise have its own idea of the default.
      env: {
        // What this process was sending when it was killed, no one else is: found soon after the next start.
        DELIVERY_LEASE_MS: '30000',
        DELIVERY_SWEEP_MS: '10000',
        // Read without a key only where no one else can reach it.
        SANDBOX_INBOX: isLoopback(host) && isLoopback(new URL(publicUrl).hostname) ? 'local' : 'key',
        ...env,
        HOST: host,
        PUBLIC_URL: publicUrl,
        LOG_LEVEL: settings.LOG_LEVEL,
      },
      settings,
      databaseUrl: settings.DATABASE_URL ?? database!.url,
    });
    return {
      host,
      gateway: services.gateway,
      stop: async () => {
        await services.stop();
        await database?.stop();
      },
    };
  } catch (error) {
    await database?.stop();
    throw error;
  }
}

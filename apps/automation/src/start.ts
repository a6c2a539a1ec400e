import { openMessaging, transportFromEnv, type Transport } from '@tearoff/messaging';
import { createLogger, nestLogger, startService, type RunningService } from '@tearoff/service-kit';
import { SystemClock, type Clock } from './clock';
import { openAutomationDatabase } from './database';
import { readEnvironment } from './env';
import { AutomationModule } from './automation.module';

/** For a host of several services, which wants to name all that is wrong at once. */
export { readEnvironment } from './env';

export interface Host {
  env: NodeJS.ProcessEnv;
  /** Of a host that runs several services in one process; without it this process is automation's own. */
  transport?: Transport;
  databaseUrl?: string;
  clock?: Clock;
}

export async function start({
  env,
  transport,
  databaseUrl,
  clock = new SystemClock(),
}: Host): Promise<RunningService> {
  const settings = readEnvironment({ ...env, ...(databaseUrl && { DATABASE_URL: databaseUrl }) });
  const logger = createLogger({ service: 'automation', level: settings.LOG_LEVEL });
  const dataSource = await openAutomationDatabase(settings.DATABASE_URL, settings.DATABASE_POOL, logger);
  try {
    const messaging = await openMessaging({
      service: 'automation',
      transport: transport ?? transportFromEnv(env),
      dataSource,
      logger: nestLogger(logger),
    });
    return await startService({
      name: 'automation',
      module: AutomationModule.register({ dataSource, messaging, clock, env: settings }),
      server: messaging.server,
      dataSource,
      logger,
      ...(!transport && { metricsPort: settings.METRICS_PORT }),
      checks: { messaging: () => messaging.check() },
      onStop: [() => messaging.close()],
    });
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw error;
  }
}

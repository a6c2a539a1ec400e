import { openMessaging, transportFromEnv, type Transport } from '@tearoff/messaging';
import {
  SystemClock,
  createLogger,
  environmentOf,
  nestLogger,
  startService,
  type Clock,
  type RunningService,
  type ServiceHost,
} from '@tearoff/service-kit';
import { openAutomationDatabase } from './database';
import { readEnvironment } from './env';
import { AutomationModule } from './automation.module';

/** For a host of several services, which wants to name all that is wrong at once. */
export { readEnvironment } from './env';

export interface Host extends ServiceHost<Transport> {
  clock?: Clock;
}

export async function start({ clock = new SystemClock(), ...host }: Host): Promise<RunningService> {
  const settings = readEnvironment(environmentOf('automation', host));
  const logger = createLogger({ service: 'automation', level: settings.LOG_LEVEL });
  const dataSource = await openAutomationDatabase(settings.DATABASE_URL, settings.DATABASE_POOL, logger);
  return startService({
    name: 'automation',
    dataSource,
    logger,
    messaging: () =>
      openMessaging({
        service: 'automation',
        transport: host.transport ?? transportFromEnv(host.env),
        dataSource,
        logger: nestLogger(logger),
      }),
    run: {
      module: (messaging) => AutomationModule.register({ dataSource, messaging, clock, env: settings }),
    },
    ...(!host.transport && { metricsPort: settings.METRICS_PORT, metricsHost: settings.HOST }),
  });
}

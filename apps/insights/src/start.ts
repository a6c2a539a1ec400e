import { openMessaging, transportFromEnv, type Transport } from '@tearoff/messaging';
import {
  createLogger,
  environmentOf,
  nestLogger,
  startService,
  type RunningService,
  type ServiceHost,
} from '@tearoff/service-kit';
import { openInsightsDatabase } from './database';
import { readEnvironment } from './env';
import { InsightsModule } from './insights.module';

/** For a host of several services, which wants to name all that is wrong at once. */
export { readEnvironment } from './env';

export type Host = ServiceHost<Transport>;

export async function start(host: Host): Promise<RunningService> {
  const settings = readEnvironment(environmentOf('insights', host));
  const logger = createLogger({ service: 'insights', level: settings.LOG_LEVEL });
  const dataSource = await openInsightsDatabase(settings.DATABASE_URL, settings.DATABASE_POOL, logger);
  return startService({
    name: 'insights',
    dataSource,
    logger,
    messaging: () =>
      openMessaging({
        service: 'insights',
        transport: host.transport ?? transportFromEnv(host.env),
        dataSource,
        logger: nestLogger(logger),
      }),
    run: { module: (messaging) => InsightsModule.register({ dataSource, messaging }) },
    ...(!host.transport && { metricsPort: settings.METRICS_PORT, metricsHost: settings.HOST }),
  });
}

import { openMessaging, transportFromEnv, type Transport } from '@tearoff/messaging';
import {
  createLogger,
  environmentOf,
  nestLogger,
  startService,
  type RunningService,
  type ServiceHost,
} from '@tearoff/service-kit';
import { openRedemptionDatabase } from './database';
import { readEnvironment } from './env';
import { RedemptionModule } from './redemption.module';

/** For a host of several services, which wants to name all that is wrong at once. */
export { readEnvironment } from './env';

export type Host = ServiceHost<Transport>;

export async function start(host: Host): Promise<RunningService> {
  const settings = readEnvironment(environmentOf('redemption', host));
  const logger = createLogger({ service: 'redemption', level: settings.LOG_LEVEL });
  const dataSource = await openRedemptionDatabase(settings.DATABASE_URL, settings.DATABASE_POOL, logger);
  return startService({
    name: 'redemption',
    dataSource,
    logger,
    messaging: () =>
      openMessaging({
        service: 'redemption',
        transport: host.transport ?? transportFromEnv(host.env),
        dataSource,
        logger: nestLogger(logger),
      }),
    run: { module: (messaging) => RedemptionModule.register({ dataSource, messaging }) },
    ...(!host.transport && { metricsPort: settings.METRICS_PORT, metricsHost: settings.HOST }),
  });
}

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
import { openIssuanceDatabase } from './database';
import { readEnvironment } from './env';
import { IssuanceModule } from './issuance.module';

/** For a host of several services, which wants to name all that is wrong at once. */
export { readEnvironment } from './env';

export interface Host extends ServiceHost<Transport> {
  clock?: Clock;
}

export async function start({ clock = new SystemClock(), ...host }: Host): Promise<RunningService> {
  const settings = readEnvironment(environmentOf('issuance', host));
  const logger = createLogger({ service: 'issuance', level: settings.LOG_LEVEL });
  const dataSource = await openIssuanceDatabase(settings.DATABASE_URL, settings.DATABASE_POOL, logger);
  return startService({
    name: 'issuance',
    dataSource,
    logger,
    messaging: () =>
      openMessaging({
        service: 'issuance',
        transport: host.transport ?? transportFromEnv(host.env),
        dataSource,
        logger: nestLogger(logger),
      }),
    run: { module: (messaging) => IssuanceModule.register({ dataSource, messaging, clock }) },
    ...(!host.transport && { metricsPort: settings.METRICS_PORT, metricsHost: settings.HOST }),
  });
}

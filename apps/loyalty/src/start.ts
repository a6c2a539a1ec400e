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
import { openLoyaltyDatabase } from './database';
import { readEnvironment } from './env';
import { SweepPace } from './expiry/sweep-pace';
import { LoyaltyModule } from './loyalty.module';
import { PictureSettings } from './pictures/picture.settings';
import { WalletSettings } from './wallet.settings';

/** For a host of several services, which wants to name all that is wrong at once. */
export { readEnvironment } from './env';

export interface Host extends ServiceHost<Transport> {
  clock?: Clock;
  /** Of a test, whose clock leaps. */
  sweepPace?: SweepPace;
}

export async function start({
  clock = new SystemClock(),
  sweepPace = new SweepPace(),
  ...host
}: Host): Promise<RunningService> {
  const settings = readEnvironment(environmentOf('loyalty', host));
  const logger = createLogger({ service: 'loyalty', level: settings.LOG_LEVEL });
  const dataSource = await openLoyaltyDatabase(settings.DATABASE_URL, settings.DATABASE_POOL, logger);
  return startService({
    name: 'loyalty',
    dataSource,
    logger,
    messaging: () =>
      openMessaging({
        service: 'loyalty',
        transport: host.transport ?? transportFromEnv(host.env),
        dataSource,
        logger: nestLogger(logger),
      }),
    run: {
      module: (messaging) =>
        LoyaltyModule.register({
          dataSource,
          messaging,
          clock,
          sweepPace,
          wallets: WalletSettings.fromEnv(settings),
          pictures: PictureSettings.fromEnv(settings),
        }),
    },
    ...(!host.transport && { metricsPort: settings.METRICS_PORT, metricsHost: settings.HOST }),
  });
}

import { openMessaging, transportFromEnv, type Transport } from '@tearoff/messaging';
import { createLogger, nestLogger, startService, type RunningService } from '@tearoff/service-kit';
import { SystemClock, type Clock } from './clock';
import { openLoyaltyDatabase } from './database';
import { readEnvironment } from './env';
import { SweepPace } from './expiry/sweep-pace';
import { LoyaltyModule } from './loyalty.module';
import { WalletSettings } from './wallet.settings';

/** For a host of several services, which wants to name all that is wrong at once. */
export { readEnvironment } from './env';

export interface Host {
  env: NodeJS.ProcessEnv;
  /** Of a host that runs several services in one process; without it this process is loyalty's own. */
  transport?: Transport;
  databaseUrl?: string;
  clock?: Clock;
  /** Of a test, whose clock leaps. */
  sweepPace?: SweepPace;
}

export async function start({
  env,
  transport,
  databaseUrl,
  clock = new SystemClock(),
  sweepPace = new SweepPace(),
}: Host): Promise<RunningService> {
  const settings = readEnvironment({ ...env, ...(databaseUrl && { DATABASE_URL: databaseUrl }) });
  const logger = createLogger({ service: 'loyalty', level: settings.LOG_LEVEL });
  const dataSource = await openLoyaltyDatabase(settings.DATABASE_URL, settings.DATABASE_POOL, logger);
  try {
    const messaging = await openMessaging({
      service: 'loyalty',
      transport: transport ?? transportFromEnv(env),
      dataSource,
      logger: nestLogger(logger),
    });
    return await startService({
      name: 'loyalty',
      module: LoyaltyModule.register({
        dataSource,
        messaging,
        clock,
        sweepPace,
        wallets: WalletSettings.fromEnv(settings),
      }),
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

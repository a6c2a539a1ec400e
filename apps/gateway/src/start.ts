import { openMessaging, transportFromEnv, type Transport } from '@tearoff/messaging';
import {
  createLogger,
  nestLogger,
  openDatabase,
  startService,
  type HealthCheck,
  type RunningService,
} from '@tearoff/service-kit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bootstrap } from './accounts/bootstrap';
import { ApiKeysService } from './api-keys/api-keys.service';
import type { Credentials } from './api-keys/credentials';
import { entities, migrations } from './database';
import { claimSettings, gatewayEnv, trustedProxies } from './env';
import { GatewayModule } from './gateway.module';
import { createHttpApp } from './http-app';
import { listen } from './listen';

/** For a host of several services, which wants to name all that is wrong at once. */
export { gatewayEnv as readEnvironment } from './env';

export interface GatewayHost {
  env: NodeJS.ProcessEnv;
  transport?: Transport;
  databaseUrl?: string;
  /** All services in one process: the first key is made here, and `/metrics` is on the public port. */
  standalone?: boolean;
  /** What else has to work for `/health/ready`: the services in the same process. */
  checks?: Record<string, HealthCheck>;
}

export interface RunningGateway extends RunningService {
  /** Where it listens. */
  url: string;
  /** What coupon links begin with. */
  publicUrl: string;
  /** The admin key that this start has made; it cannot be shown again. */
  firstKey: Credentials | null;
}

const defaultMetricsPort = 9090;

export async function start({
  env: source,
  transport,
  databaseUrl,
  standalone = false,
  checks: others,
}: GatewayHost): Promise<RunningGateway> {
  const env = gatewayEnv({ ...source, ...(databaseUrl && { DATABASE_URL: databaseUrl }) });
  const logger = createLogger({ service: 'gateway', level: env.LOG_LEVEL });
  const publicUrl = (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, '');
  const dataSource = await openDatabase({
    service: 'gateway',
    url: env.DATABASE_URL,
    entities,
    migrations,
    poolSize: env.DATABASE_POOL,
    logger,
  });
  const closing: (() => Promise<unknown>)[] = [() => dataSource.destroy()];
  try {
    const messaging = await openMessaging({
      service: 'gateway',
      transport: transport ?? transportFromEnv(source, nestLogger(logger)),
      dataSource,
      logger: nestLogger(logger),
      answer: false,
    });
    closing.unshift(() => messaging.close());
    const checks = { messaging: () => messaging.check(), ...others };
    const readiness = { database: async () => void (await dataSource.query('select 1')), ...checks };
    let url = '';
    let firstKey: Credentials | null = null;
    const service = await startService({
      name: 'gateway',
      dataSource,
      logger,
      module: GatewayModule,
      metricsPort: env.METRICS_PORT ?? (standalone ? undefined : defaultMetricsPort),
      checks,
      onStop: [() => messaging.close()],
      application: async () => {
        const app: NestFastifyApplication = await createHttpApp({
          dataSource,
          messaging,
          publicUrl,
          readiness,
          publicMetrics: standalone,
          openInbox: env.SANDBOX_INBOX === 'open',
          claims: claimSettings(env),
          logger,
          trustProxy: trustedProxies(env),
          rateLimit: env.RATE_LIMIT,
        });
        const given = bootstrapCredentials(env);
        const { made, keyless } = await bootstrap(dataSource, app.get(ApiKeysService), {
          given,
          makeFirstKey: standalone,
        });
        if (keyless) {
          logger.warn(
            'nobody has a key: set BOOTSTRAP_CLIENT_ID and BOOTSTRAP_CLIENT_SECRET to make the first one',
          );
        }
        firstKey = made;
        await messaging.start();
        url = await listen(app, env.PORT);
        return app;
      },
    });
    return { ...service, url, publicUrl, firstKey };
  } catch (error) {
    for (const close of closing) await close().catch(() => undefined);
    throw error;
  }
}

function bootstrapCredentials(env: ReturnType<typeof gatewayEnv>): Credentials | undefined {
  const { BOOTSTRAP_CLIENT_ID: clientId, BOOTSTRAP_CLIENT_SECRET: clientSecret } = env;
  return clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : undefined;
}

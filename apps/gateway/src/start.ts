import { openMessaging, transportFromEnv, type Messaging, type Transport } from '@tearoff/messaging';
import {
  createLogger,
  environmentOf,
  nestLogger,
  openDatabase,
  startService,
  type HealthCheck,
  type RunningService,
  type ServiceHost,
} from '@tearoff/service-kit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bootstrap } from './access/accounts/bootstrap';
import { ApiKeysService } from './access/api-keys/api-keys.service';
import type { Credentials } from './access/api-keys/credentials';
import { entities, migrations } from './database';
import { claimSettings, gatewayEnv, trustedProxies } from './env';
import { createHttpApp } from './http/http-app';
import { listen } from './http/listen';
import type { InboxAccess } from './pages/sandbox/inbox-access';

/** For a host of several services, which wants to name all that is wrong at once. */
export { gatewayEnv as readEnvironment } from './env';

export interface GatewayHost extends ServiceHost<Transport> {
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
  sandboxInbox: InboxAccess;
  /** The admin key that this start has made; it cannot be shown again. */
  firstKey: Credentials | null;
}

const defaultMetricsPort = 9090;

export async function start({ standalone = false, checks, ...host }: GatewayHost): Promise<RunningGateway> {
  const env = gatewayEnv(environmentOf('gateway', host));
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
  let url = '';
  let firstKey: Credentials | null = null;
  const application = async (
    messaging: Messaging,
    readiness: Record<string, HealthCheck>,
  ): Promise<NestFastifyApplication> => {
    const app: NestFastifyApplication = await createHttpApp({
      dataSource,
      messaging,
      publicUrl,
      sourceUrl: env.SOURCE_URL,
      readiness,
      publicMetrics: standalone,
      sandboxInbox: env.SANDBOX_INBOX,
      claims: claimSettings(env),
      logger,
      trustProxy: trustedProxies(env),
      rateLimit: env.RATE_LIMIT,
    });
    const { made, keyless } = await bootstrap(dataSource, app.get(ApiKeysService), {
      given: bootstrapCredentials(env),
      makeFirstKey: standalone,
    });
    if (keyless) {
      logger.warn(
        'no one has a key: set BOOTSTRAP_CLIENT_ID and BOOTSTRAP_CLIENT_SECRET to make the first one',
      );
    }
    firstKey = made;
    await messaging.start();
    url = await listen(app, { port: env.PORT, host: env.HOST });
    return app;
  };
  const service = await startService({
    name: 'gateway',
    dataSource,
    logger,
    messaging: () =>
      openMessaging({
        service: 'gateway',
        transport: host.transport ?? transportFromEnv(host.env, nestLogger(logger)),
        dataSource,
        logger: nestLogger(logger),
        answer: false,
      }),
    run: { application },
    metricsPort: env.METRICS_PORT ?? (standalone ? undefined : defaultMetricsPort),
    metricsHost: env.HOST,
    checks,
  });
  return { ...service, url, publicUrl, sandboxInbox: env.SANDBOX_INBOX, firstKey };
}

function bootstrapCredentials(env: ReturnType<typeof gatewayEnv>): Credentials | undefined {
  const { BOOTSTRAP_CLIENT_ID: clientId, BOOTSTRAP_CLIENT_SECRET: clientSecret } = env;
  return clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : undefined;
}

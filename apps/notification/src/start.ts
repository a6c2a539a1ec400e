import { queues } from '@tearoff/contracts';
import { messagingEntities, openMessaging, transportFromEnv, type Transport } from '@tearoff/messaging';
import {
  createLogger,
  environmentOf,
  nestLogger,
  openDatabase,
  startService,
  type RunningService,
  type ServiceHost,
} from '@tearoff/service-kit';
import { entities } from './entities';
import { readNotificationEnv, type NotificationEnv } from './env';
import { migrations } from './migrations/migrations';
import { NotificationModule } from './notification.module';
import { Providers } from './providers/providers';
import { Renderer } from './rendering/renderer';
import { Dispatchers } from './sending/dispatchers';
import { Sweeper } from './sending/sweeper';
import { UnsubscribeLinks } from './unsubscribe/unsubscribe-links';

/** For a host of several services, which wants to name all that is wrong at once. */
export { readNotificationEnv as readEnvironment } from './env';

export type Host = ServiceHost<Transport>;

const workQueues = queues
  .filter(({ service, mode }) => service === 'notification' && mode === 'work')
  .map(({ name }) => name);

/** What a process of each role takes from the broker: work alone, or all but work, or both. */
const roles: Record<
  NotificationEnv['NOTIFICATION_ROLE'],
  { consume?: string[]; answer: boolean; sends: boolean }
> = {
  all: { answer: true, sends: true },
  api: { consume: ['notification.events', 'notification.lists'], answer: true, sends: false },
  worker: { consume: workQueues, answer: false, sends: true },
};

export async function start(host: Host): Promise<RunningService> {
  const env = readNotificationEnv(environmentOf('notification', host));
  const role = roles[env.NOTIFICATION_ROLE];
  const logger = createLogger({ service: 'notification', level: env.LOG_LEVEL });
  const dataSource = await openDatabase({
    service: 'notification',
    url: env.DATABASE_URL,
    entities: [...messagingEntities, ...entities],
    migrations,
    stablePlans: true,
    poolSize: env.DATABASE_POOL,
    logger,
  });
  const messaging = await openMessaging({
    service: 'notification',
    transport: host.transport ?? transportFromEnv(host.env),
    dataSource,
    logger: nestLogger(logger),
    consume: role.consume,
    answer: role.answer,
  }).catch(async (error: unknown) => {
    await dataSource.destroy();
    throw error;
  });
  const links = await UnsubscribeLinks.load(dataSource, env.PUBLIC_URL);
  const providers = Providers.fromEnv(env, dataSource, links);
  const dispatchers = new Dispatchers(dataSource, messaging.outbox, providers, env);
  const renderer = new Renderer();
  const sweeper = new Sweeper(messaging.outbox, env, logger);
  const running = await startService({
    name: 'notification',
    run: {
      module: () =>
        NotificationModule.register({
          dataSource,
          messaging,
          providers,
          dispatchers,
          links,
          renderer,
          env,
        }),
    },
    messaging,
    dataSource,
    logger,
    metricsPort: host.transport ? undefined : env.METRICS_PORT,
    metricsHost: env.HOST,
    onStop: [
      () => Promise.resolve(dispatchers.close()),
      () => sweeper.stop(),
      () => providers.close(),
      () => renderer.close(),
    ],
  });
  if (role.sends) sweeper.start();
  return {
    ...running,
    stop: () => {
      // Before the consumers: they wait for what the dispatchers have in hand.
      dispatchers.drain();
      return running.stop();
    },
  };
}

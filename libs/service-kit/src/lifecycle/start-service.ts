import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy, MicroserviceOptions } from '@nestjs/microservices';
import type { DataSource } from 'typeorm';
import { startHealthServer, type HealthServer } from '../health/health.server';
import type { HealthCheck } from '../health/readiness';
import type { Logger } from '../logging/logger';
import { nestLogger } from '../logging/nest.logger';
import { stopInOrder, type StopStep } from './stop-in-order';

/** What `openMessaging` of libs/messaging gives, as far as it is needed here. */
export interface ServiceMessaging {
  /** What commands and events come in by. */
  readonly server: CustomTransportStrategy;
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceOptions<M extends ServiceMessaging> {
  name: string;
  dataSource: DataSource;
  logger: Logger;
  /** Open, or to be opened. */
  messaging: M | (() => Promise<M>);
  /** The service itself: a module that listens to its messaging, or an application made another way, as HTTP's is. */
  run:
    | { module: (messaging: M) => Type | DynamicModule }
    | { application: (messaging: M, checks: Checks) => Promise<INestApplicationContext> };
  /** Health and metrics over HTTP on this port; none when absent. */
  metricsPort?: number;
  /** The address that port listens on; every address of the machine when absent. */
  metricsHost?: string;
  /** What must work besides the database and messaging for the service to be ready. */
  checks?: Checks;
  /** Called after the application has drained and messaging has closed, before the database closes, in this order. */
  onStop?: (() => Promise<void>)[];
  /** Milliseconds that each step of stopping may take; 10,000 by default. */
  stopStepMs?: number;
}

type Checks = Record<string, HealthCheck>;

export interface RunningService {
  name: string;
  app: INestApplicationContext;
  /** What "ready" means for it, the database included. */
  checks: Checks;
  /** The port of health and metrics, when asked for. */
  metricsPort?: number;
  /** Finishes what is in hand and closes everything; never rejects; a second call waits for the first. */
  stop(): Promise<void>;
}

/**
 * Starts a service and takes over its DataSource and messaging: listening when it resolves; when it rejects, whatever
 * was given or started is closed. Stopping: no longer ready → the application drains → messaging → onStop → database →
 * health.
 */
export async function startService<M extends ServiceMessaging>(
  options: ServiceOptions<M>,
): Promise<RunningService> {
  const { name, dataSource, logger, run, onStop = [] } = options;
  let messaging: M | undefined;
  let app: INestApplicationContext | undefined;
  let health: HealthServer | undefined;
  const steps: StopStep[] = [
    { name: 'application', run: async () => app?.close() },
    { name: 'messaging', run: async () => messaging?.close() },
    ...onStop.map((step, index) => ({ name: `onStop ${index + 1}`, run: step })),
    { name: 'database', run: async () => (dataSource.isInitialized ? dataSource.destroy() : undefined) },
    { name: 'health', run: async () => health?.close() },
  ];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    health?.drain();
    return (stopped ??= stopInOrder(steps, logger, options.stopStepMs).then(() => logger.info('stopped')));
  };

  try {
    const opened = typeof options.messaging === 'function' ? await options.messaging() : options.messaging;
    messaging = opened;
    const checks: Checks = {
      database: async () => void (await dataSource.query('select 1')),
      messaging: () => opened.check(),
      ...options.checks,
    };
    app =
      'application' in run
        ? await run.application(opened, checks)
        : await listen(run.module(opened), opened.server, logger);
    if (options.metricsPort !== undefined) {
      health = await startHealthServer({
        port: options.metricsPort,
        host: options.metricsHost,
        checks,
        logger,
      });
    }
    logger.info({ metricsPort: health?.port }, 'started');
    return { name, app, checks, metricsPort: health?.port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listen(
  module: Type | DynamicModule,
  server: CustomTransportStrategy,
  logger: Logger,
): Promise<INestApplicationContext> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
    logger: nestLogger(logger),
    // Without this Nest ends the process itself and the reason is never seen.
    abortOnError: false,
    strategy: server,
  });
  try {
    await app.listen();
    return app;
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
}

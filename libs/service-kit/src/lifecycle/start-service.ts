import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy, MicroserviceOptions } from '@nestjs/microservices';
import type { DataSource } from 'typeorm';
import { startHealthServer, type HealthServer } from '../health/health.server';
import type { HealthCheck } from '../health/readiness';
import type { Logger } from '../logging/logger';
import { nestLogger } from '../logging/nest.logger';
import { stopInOrder, type StopStep } from './stop-in-order';

export interface ServiceOptions {
  name: string;
  module: Type | DynamicModule;
  /** What commands and events come in by; without one the modules run alone. */
  server?: CustomTransportStrategy;
  /** Makes the application another way, as the gateway does with HTTP; `module` and `server` are then its own. */
  application?: () => Promise<INestApplicationContext>;
  dataSource: DataSource;
  logger: Logger;
  /** Health and metrics over HTTP on this port; none when absent. */
  metricsPort?: number;
  /** What must work besides the database for the service to be ready. */
  checks?: Record<string, HealthCheck>;
  /** Called after the application has drained and before the database closes, in this order. */
  onStop?: (() => Promise<void>)[];
  /** Milliseconds that each step of stopping may take; 10,000 unless told. */
  stopStepMs?: number;
}

export interface RunningService {
  name: string;
  app: INestApplicationContext;
  /** What "ready" means for it, the database included. */
  checks: Record<string, HealthCheck>;
  /** The port of health and metrics, when asked for. */
  metricsPort?: number;
  /** Finishes what is in hand and closes everything; never rejects; a second call waits for the first. */
  stop(): Promise<void>;
}

/**
 * Starts a service and takes over its DataSource: listening when it resolves; when it rejects, whatever was
 * given or started is closed. Stopping: no longer ready → the application drains → onStop → database → health.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { name, dataSource, logger, onStop = [] } = options;
  const checks: Record<string, HealthCheck> = {
    database: async () => void (await dataSource.query('select 1')),
    ...options.checks,
  };
  let app: INestApplicationContext | undefined;
  let health: HealthServer | undefined;
  const steps: StopStep[] = [
    { name: 'application', run: async () => app?.close() },
    ...onStop.map((run, index) => ({ name: `onStop ${index + 1}`, run })),
    { name: 'database', run: async () => (dataSource.isInitialized ? dataSource.destroy() : undefined) },
    { name: 'health', run: async () => health?.close() },
  ];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    health?.drain();
    return (stopped ??= stopInOrder(steps, logger, options.stopStepMs).then(() => logger.info('stopped')));
  };

  try {
    app = options.application ? await options.application() : await listen(options);
    if (options.metricsPort !== undefined) {
      health = await startHealthServer({ port: options.metricsPort, checks, logger });
    }
    logger.info({ metricsPort: health?.port }, 'started');
    return { name, app, checks, metricsPort: health?.port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listen({ module, server, logger }: ServiceOptions): Promise<INestApplicationContext> {
  // Without `abortOnError: false` Nest ends the process itself and the reason is never seen.
  const common = { logger: nestLogger(logger), abortOnError: false };
  if (!server) return NestFactory.createApplicationContext(module, common);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
    ...common,
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

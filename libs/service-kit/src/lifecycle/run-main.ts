import { DatabaseSetupError } from '../database/service-role';
import { EnvironmentError } from '../environment/environment.error';
import { within } from '../health/readiness';
import { createLogger, isLevel } from '../logging/logger';
import { startTracing } from '../tracing/tracing';

interface Stoppable {
  stop(): Promise<void>;
}

/**
 * All of a main.ts: traces, the service, and SIGTERM or SIGINT → stop, within SHUTDOWN_TIMEOUT_MS (15,000).
 * Exit codes: 0 stopped as asked, 1 failed or did not stop in time, 2 the environment is wrong (what is
 * wrong is printed plainly). Asked again, the process ends at once.
 */
export async function runMain(
  service: string,
  start: (env: NodeJS.ProcessEnv) => Promise<Stoppable>,
): Promise<void> {
  const { env } = process;
  const logger = createLogger({ service, level: isLevel(env.LOG_LEVEL) ? env.LOG_LEVEL : 'info' });
  const stopTracing = startTracing(service);
  const limitMs = Number(env.SHUTDOWN_TIMEOUT_MS) || 15_000;
  let running: Stoppable | undefined;
  let stopping = false;
  let asking: NodeJS.Signals | undefined;
  let askedAt = 0;

  const end = async (code: number): Promise<void> => {
    try {
      await within(limitMs, (async () => (await running?.stop(), await stopTracing()))());
      process.exit(code);
    } catch (error) {
      logger.fatal({ err: error }, 'did not stop in time');
      process.exit(1);
    }
  };
  const asked = (signal: NodeJS.Signals): void => {
    // npm hands a terminal's Ctrl-C on a second time, at once; who means it asks again later.
    if (stopping && signal === asking && Date.now() - askedAt < 1_000) return;
    if (stopping) process.exit(1);
    stopping = true;
    asking = signal;
    askedAt = Date.now();
    logger.info({ signal }, 'stopping');
    // Asked while still starting: nothing has been promised to anyone yet.
    if (!running) process.exit(0);
    void end(0);
  };
  process.on('SIGTERM', asked);
  process.on('SIGINT', asked);
  const crashed = (error: unknown): void => {
    logger.fatal({ err: error }, 'unexpected error: stopping');
    if (stopping) return;
    stopping = true;
    void end(1);
  };
  process.on('uncaughtException', crashed);
  process.on('unhandledRejection', crashed);

  try {
    running = await start(env);
  } catch (error) {
    // By name: messaging, which knows nothing of this library, throws one too.
    const environment = error instanceof Error && error.name === EnvironmentError.name;
    if (environment || error instanceof DatabaseSetupError) {
      process.stderr.write(`${service}: ${error.message}\n`);
      process.exit(environment ? 2 : 1);
    }
    logger.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}

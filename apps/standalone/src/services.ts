import { inProcessTransport, rabbitTransport, type Transport } from '@tearoff/messaging';
import { EnvironmentError, type HealthCheck, type RunningService } from '@tearoff/service-kit';
import { start as startAutomation } from '../../automation/src/start';
import { start as startGateway, type RunningGateway } from '../../gateway/src/start';
import { start as startInsights } from '../../insights/src/start';
import { start as startIssuance } from '../../issuance/src/start';
import { start as startLoyalty } from '../../loyalty/src/start';
import { start as startNotification } from '../../notification/src/start';
import { start as startRedemption } from '../../redemption/src/start';
import type { StandaloneEnv } from './env';

export interface ServicesHost {
  env: NodeJS.ProcessEnv;
  settings: StandaloneEnv;
  databaseUrl: string;
}

export interface RunningServices {
  gateway: RunningGateway;
  /** The gateway first: no one is let in while the others finish. */
  stop(): Promise<void>;
}

/** Every service in this process; the gateway last, so that anyone who reaches it finds the others there. */
export async function startServices({ env, settings, databaseUrl }: ServicesHost): Promise<RunningServices> {
  const transport: Transport = settings.RABBITMQ_URL
    ? rabbitTransport({ url: settings.RABBITMQ_URL, prefix: settings.RABBITMQ_PREFIX })
    : inProcessTransport();
  const host = { env, transport, databaseUrl };
  const started = await Promise.allSettled([
    startIssuance(host),
    startRedemption(host),
    startNotification(host),
    startLoyalty(host),
    startAutomation(host),
    startInsights(host),
  ]);
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    throwFirst(started);
    const checks = Object.fromEntries(running.flatMap(checksOf));
    const gateway = await startGateway({ ...host, standalone: true, checks });
    return {
      gateway,
      stop: async () => {
        await gateway.stop();
        await stopAll(running);
      },
    };
  } catch (error) {
    await stopAll(running);
    throw error;
  }
}

/** Together: an event that one still publishes is waited for by none of the others. */
async function stopAll(services: RunningService[]): Promise<void> {
  await Promise.all(services.map((service) => service.stop()));
}

/** Wrong variables of all services are named together. */
function throwFirst(results: PromiseSettledResult<unknown>[]): void {
  const reasons: unknown[] = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  const faults = reasons.flatMap((reason) => (reason instanceof EnvironmentError ? reason.faults : []));
  const distinct = [...new Map(faults.map((fault) => [fault.name, fault])).values()];
  if (distinct.length > 0) throw new EnvironmentError(distinct);
  if (reasons.length > 0) throw reasons[0];
}

function checksOf({ name, checks }: RunningService): [string, HealthCheck][] {
  return Object.entries(checks).map(([check, run]) => [`${name}.${check}`, run]);
}

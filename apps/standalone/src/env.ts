import { Type, type Static } from '@sinclair/typebox';
import { services } from '@tearoff/contracts';
import { EnvironmentError, environmentOf, readEnv, type VariableFault } from '@tearoff/service-kit';
import { readEnvironment as readAutomation } from '../../automation/src/start';
import { readEnvironment as readGateway } from '../../gateway/src/start';
import { readEnvironment as readInsights } from '../../insights/src/start';
import { readEnvironment as readIssuance } from '../../issuance/src/start';
import { readEnvironment as readLoyalty } from '../../loyalty/src/start';
import { readEnvironment as readNotification } from '../../notification/src/start';
import { readEnvironment as readRedemption } from '../../redemption/src/start';

const variables = Type.Object({
  PORT: Type.Integer({ default: 3000, minimum: 0, maximum: 65_535 }),
  // One process is for trying things out: nothing outside this machine reaches it unless HOST says so.
  HOST: Type.String({ default: '127.0.0.1', minLength: 1 }),
  PUBLIC_URL: Type.Optional(Type.String()),
  DATA_DIR: Type.String({ default: '.data' }),
  DATABASE_URL: Type.Optional(Type.String({ pattern: '^postgres(ql)?://', description: 'postgres://…' })),
  RABBITMQ_URL: Type.Optional(Type.String({ pattern: '^amqps?://', description: 'amqp://…' })),
  RABBITMQ_PREFIX: Type.String({ default: 'tearoff' }),
  LOG_LEVEL: Type.String({ default: 'warn', description: 'a pino level' }),
});

export type StandaloneEnv = Static<typeof variables>;

/**
 * What is decided for the whole process. Each service reads its own part by itself, but here all of them are
 * asked first, so that everything wrong is named at once and before anything has been started.
 */
export function standaloneEnv(source: NodeJS.ProcessEnv): StandaloneEnv {
  const faults = new Map<string, VariableFault>();
  const gather = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      for (const fault of error.faults) if (!faults.has(fault.name)) faults.set(fault.name, fault);
      return undefined;
    }
  };
  const own = gather(() => readEnv(variables, source));
  const given = { ...source, DATABASE_URL: source.DATABASE_URL || 'postgres://embedded' };
  const readers = {
    gateway: readGateway,
    issuance: readIssuance,
    redemption: readRedemption,
    notification: readNotification,
    loyalty: readLoyalty,
    automation: readAutomation,
    insights: readInsights,
  };
  for (const service of services) gather(() => readers[service](environmentOf(service, { env: given })));
  if (!own || faults.size > 0) throw new EnvironmentError([...faults.values()]);
  return own;
}

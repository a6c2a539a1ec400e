import { Type, type Static } from '@sinclair/typebox';
import { portsPattern, readEnv, serviceVariables } from '@tearoff/service-kit';
import { threeDays } from './webhooks/retry-schedule';

const Environment = Type.Object({
  ...serviceVariables,
  /** How long runs are kept after they ended. Longer than a month: `oncePer` looks at those that are kept. */
  RUN_RETENTION_DAYS: Type.Integer({ minimum: 32, maximum: 36_500, default: 400 }),
  /** Lets webhooks go to private addresses and over plain http: for trying out, and inside one network. */
  WEBHOOK_ALLOW_PRIVATE: Type.Boolean({ default: false }),
  /** Ports that webhooks may be sent to besides 443: numbers, separated by blanks or commas. */
  WEBHOOK_PORTS: Type.String({
    pattern: portsPattern,
    default: '',
    description: 'port numbers, separated by blanks or commas',
  }),
  /** How long one call of an endpoint may take. */
  WEBHOOK_TIMEOUT_MS: Type.Integer({ minimum: 50, maximum: 60_000, default: 20_000 }),
  /** Waits between the tries of a message: seconds, separated by blanks. */
  WEBHOOK_RETRY_SECONDS: Type.String({
    pattern: '^\\d+(\\.\\d+)?(\\s+\\d+(\\.\\d+)?){0,49}$',
    default: threeDays,
  }),
  /** A message that a worker has had for longer, beyond the time of a call, belongs to one that is gone. */
  WEBHOOK_LEASE_MS: Type.Integer({ minimum: 50, maximum: 3_600_000, default: 30_000 }),
  /** How often messages are looked for that are due and no one has. */
  WEBHOOK_SWEEP_MS: Type.Integer({ minimum: 50, maximum: 3_600_000, default: 15_000 }),
});
export type Environment = Static<typeof Environment>;

/** The only reader of the environment; throws EnvironmentError naming every fault. */
export const readEnvironment = (source: NodeJS.ProcessEnv): Environment => readEnv(Environment, source);

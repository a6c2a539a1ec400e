import { Type, type Static } from '@sinclair/typebox';
import { readEnv } from '@tearoff/service-kit';

const Environment = Type.Object({
  DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://' }),
  DATABASE_POOL: Type.Integer({ minimum: 2, maximum: 100, default: 8 }),
  METRICS_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 9090 }),
  LOG_LEVEL: Type.String({ default: 'info' }),
  /** Lets webhooks go to private addresses and over plain http: for trying out, and inside one network. */
  WEBHOOK_ALLOW_PRIVATE: Type.Boolean({ default: false }),
  /** How long one call of an endpoint may take. */
  WEBHOOK_TIMEOUT_MS: Type.Integer({ minimum: 50, maximum: 60_000, default: 20_000 }),
});
export type Environment = Static<typeof Environment>;

/** The only reader of the environment; throws EnvironmentError naming every fault. */
export const readEnvironment = (source: NodeJS.ProcessEnv): Environment => readEnv(Environment, source);

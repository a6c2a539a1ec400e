import { Type, type Static } from '@sinclair/typebox';
import { readEnv } from '@tearoff/service-kit';

const variables = Type.Object({
  PORT: Type.Integer({ default: 3000, minimum: 0, maximum: 65_535 }),
  PUBLIC_URL: Type.Optional(Type.String()),
  DATA_DIR: Type.String({ default: '.data' }),
  DATABASE_URL: Type.Optional(Type.String({ pattern: '^postgres(ql)?://', description: 'postgres://…' })),
  RABBITMQ_URL: Type.Optional(Type.String({ pattern: '^amqps?://', description: 'amqp://…' })),
  RABBITMQ_PREFIX: Type.String({ default: 'tearoff' }),
  LOG_LEVEL: Type.String({ default: 'warn', description: 'a pino level' }),
});

export type StandaloneEnv = Static<typeof variables>;

/** What is decided for the whole process; each service reads its own part by itself. */
export const standaloneEnv = (source: NodeJS.ProcessEnv): StandaloneEnv => readEnv(variables, source);

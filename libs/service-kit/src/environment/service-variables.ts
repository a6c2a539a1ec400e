import { Type } from '@sinclair/typebox';

/** What every service reads: where its rows are, where it is watched and how much it says. For a schema of `readEnv`. */
export const serviceVariables = {
  DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://' }),
  // A handler may hold one while it asks for another.
  DATABASE_POOL: Type.Integer({ minimum: 4, maximum: 100, default: 8 }),
  // The address that its ports listen on; absent = every address of the machine.
  HOST: Type.Optional(Type.String({ minLength: 1 })),
  METRICS_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 9090 }),
  LOG_LEVEL: Type.String({ default: 'info' }),
};

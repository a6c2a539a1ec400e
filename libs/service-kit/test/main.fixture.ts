import { createServer } from 'node:http';
import { Type } from '@sinclair/typebox';
import { readEnv, runMain } from '../src';

/** A service that does what MODE says; it is up once it has printed `up`. */
void runMain('fixture', async (env) => {
  const { MODE } = readEnv(Type.Object({ MODE: Type.String(), NEEDED: Type.Integer() }), env);
  if (MODE === 'cannot start') throw new Error('the broker said no');
  const server = createServer().listen(0, () => process.stdout.write('up\n'));
  if (MODE === 'crashes') setImmediate(() => void Promise.reject(new Error('forgotten')));
  return {
    stop: async () => {
      if (MODE === 'hangs') return new Promise<void>(() => undefined);
      server.close();
      process.stdout.write('stopped cleanly\n');
    },
  };
});

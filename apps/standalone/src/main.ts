import { runMain } from '@tearoff/service-kit';
import { start } from './start';
import { welcome } from './welcome';

/** Errors that are the machine's state, not a fault: told in one sentence, without a stack. */
const plain = new Set(['PortInUseError', 'HostUnusableError', 'DataFolderInUseError']);
const log = (line: string): void => void process.stdout.write(`${line}\n`);

// A terminal wants to read what went wrong, not every step.
process.env.LOG_LEVEL ||= 'warn';

void runMain('standalone', async (env) => {
  try {
    const running = await start({
      env,
      log,
      // Thrown where no one catches it: everything is stopped and the process ends with an error.
      onDatabaseLost: (message) =>
        void setImmediate(() => {
          throw new Error(message);
        }),
    });
    log(welcome(running.gateway, running.host, env.BOOTSTRAP_CLIENT_ID));
    return {
      stop: async () => {
        log('Stopping …');
        await running.stop();
        log('Stopped. Everything is kept.');
      },
    };
  } catch (error) {
    if (!(error instanceof Error) || !plain.has(error.name)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
});

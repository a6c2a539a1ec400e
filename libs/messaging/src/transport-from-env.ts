import type { MessagingLogger } from './logger';
import { rabbitTransport } from './rabbitmq/rabbit.transport';
import type { Transport } from './transport';

/**
 * The transport of a process that runs one service: RabbitMQ at `RABBITMQ_URL`, with names prefixed by
 * `RABBITMQ_PREFIX`.
 */
export function transportFromEnv(env: NodeJS.ProcessEnv, logger?: MessagingLogger): Transport {
  const url = env.RABBITMQ_URL;
  if (!url) throw new EnvironmentError();
  return rabbitTransport({ url, prefix: env.RABBITMQ_PREFIX || 'tearoff', logger });
}

class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor() {
    super(
      'The environment is not complete:\n' +
        '  RABBITMQ_URL is required: a service in a process of its own reaches the others over RabbitMQ',
    );
  }
}

import { connect, type RecoveringChannelModel } from 'amqplib';
import type { ServiceName } from '@tearoff/contracts';
import type { MessagingLogger } from '../logger';
import type { Link, Transport } from '../transport';
import { RabbitLink } from './rabbit-link';
import { RabbitNames } from './rabbit-names';
import { RabbitTopology } from './rabbit-topology';

export interface RabbitOptions {
  /** amqp:// or amqps:// */
  url: string;
  /** First part of every name on the broker; `tearoff` by default. */
  prefix?: string;
  logger?: MessagingLogger;
  /** How often a broker that does not answer is tried at the start; 12 (about 40 s) by default. */
  initialRetries?: number;
}

const silent: MessagingLogger = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** RabbitMQ 3.10 or later. */
export function rabbitTransport({
  url,
  prefix = 'tearoff',
  logger = silent,
  initialRetries = 12,
}: RabbitOptions): Transport {
  const names = new RabbitNames(prefix);
  const topology = new RabbitTopology(names);
  return {
    kind: 'rabbitmq',
    publishWaitsForHandling: false,
    async connect(service: ServiceName): Promise<Link> {
      const publishing = await open(url, `${service} publishing`, logger, initialRetries);
      const consuming = await open(url, `${service} consuming`, logger, initialRetries);
      const link = new RabbitLink(publishing, consuming, names, topology, logger);
      try {
        await link.open();
      } catch (error) {
        await link.close();
        throw error;
      }
      return link;
    },
  };
}

async function open(
  url: string,
  name: string,
  logger: MessagingLogger,
  initialMaxRetries: number,
): Promise<RecoveringChannelModel> {
  let connection: RecoveringChannelModel;
  try {
    connection = await connect(url, {
      // Without it the kernel holds a lone 8 kB message back until the broker's delayed ACK: 22 a second.
      noDelay: true,
      clientProperties: { connection_name: `tearoff ${name}` },
      // A broker that is still starting is waited for; a wrong address fails the start.
      recovery: { initialDelay: 200, maxDelay: 5_000, initialMaxRetries },
    });
  } catch (error) {
    const { host } = new URL(url);
    throw new Error(`RabbitMQ at ${host} cannot be reached: ${(error as Error).message}`, { cause: error });
  }
  connection.on('error', () => undefined); // told by 'disconnect'
  connection.on('disconnect', (error) => logger.warn(`RabbitMQ was lost (${name}): ${error.message}`));
  connection.on('connect', () => logger.log(`RabbitMQ is back (${name})`));
  return connection;
}

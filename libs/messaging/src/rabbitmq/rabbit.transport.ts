import { connect, type RecoveringChannelModel } from 'amqplib';
import type { ServiceName } from '@tearoff/contracts';
import { silentLogger, type MessagingLogger } from '../logger';
import type { Link, Transport } from '../transport';
import { RabbitLink } from './rabbit-link';
import { RabbitNames, RabbitTopology } from './rabbit-topology';

export interface RabbitOptions {
  /** amqp:// or amqps:// */
  url: string;
  /** First part of every name on the broker; default: `tearoff`. */
  prefix?: string;
  logger?: MessagingLogger;
  /** Retries of the first connection; default: 12 (about 40 s). */
  initialRetries?: number;
}

/** Connects services over RabbitMQ 3.10 or later. */
export function rabbitTransport({
  url,
  prefix = 'tearoff',
  logger = silentLogger,
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
      // Without it Nagle's algorithm holds a single 8 kB message back until the broker's delayed ACK: 22 messages a
      // second.
      noDelay: true,
      clientProperties: { connection_name: `tearoff ${name}` },
      // The retries wait for a broker that is still starting; a wrong address fails the start.
      recovery: { initialDelay: 200, maxDelay: 5_000, initialMaxRetries },
    });
  } catch (error) {
    const { host } = new URL(url);
    throw new Error(`RabbitMQ at ${host} cannot be reached: ${(error as Error).message}`, { cause: error });
  }
  connection.on('error', () => undefined); // logged by 'disconnect'
  connection.on('disconnect', (error) =>
    logger.warn(`the connection to RabbitMQ was lost (${name}): ${error.message}`),
  );
  connection.on('connect', () => logger.log(`connected to RabbitMQ again (${name})`));
  return connection;
}

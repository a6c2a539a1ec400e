import { randomBytes } from 'node:crypto';
import { queues, services } from '@tearoff/contracts';
import { connect } from 'amqplib';
import { availableFrom, describeWhen } from './available';

/** A corner of the shared broker that belongs to one test file. */
export interface TestBroker {
  url: string;
  /** For RABBITMQ_PREFIX: every exchange and queue of the file begins with it. */
  prefix: string;
  /** Deletes what the usual topology declares under the prefix, and any other names that the file has made. */
  cleanup: (others?: { queues?: string[]; exchanges?: string[] }) => Promise<void>;
}

/** The run's broker: TEST_RABBITMQ_URL, which Jest's set-up fills in when it finds one. */
export const brokerUrl = availableFrom('TEST_RABBITMQ_URL');

/** True when tests may use RabbitMQ. */
export const brokerAvailable = brokerUrl !== undefined;

/** A random prefix on the run's broker. Throws when there is none: put such tests in `describeWithBroker`. */
export function testBroker(): TestBroker {
  if (!brokerUrl) throw new Error('No RabbitMQ was found: set RABBITMQ_URL.');
  const prefix = `test-${randomBytes(6).toString('hex')}`;
  return {
    url: brokerUrl,
    prefix,
    cleanup: ({ queues = [], exchanges = [] } = {}) =>
      deleteTopology(
        brokerUrl,
        [...usualQueues(prefix), ...queues],
        [`${prefix}.events`, `${prefix}.dead`, ...exchanges],
      ),
  };
}

/** Runs on RabbitMQ; skipped aloud without one, failed with CI=true. */
export function describeWithBroker(name: string, tests: () => void): void {
  describeWhen(brokerAvailable, 'RabbitMQ', name, tests);
}

function usualQueues(prefix: string): string[] {
  const suffixes = services.flatMap((service) =>
    ['events', 'rpc', 'dead'].map((kind) => `${service}.${kind}`),
  );
  return [...suffixes, ...queues.map(({ name }) => name)].map((suffix) => `${prefix}.${suffix}`);
}

/** Deleting what does not exist is no error to RabbitMQ, so no one needs to know which parts were declared. */
async function deleteTopology(url: string, queues: string[], exchanges: string[]): Promise<void> {
  const connection = await connect(url);
  try {
    const channel = await connection.createChannel();
    await Promise.all(queues.map((queue) => channel.deleteQueue(queue)));
    await Promise.all(exchanges.map((exchange) => channel.deleteExchange(exchange)));
    await channel.close();
  } finally {
    await connection.close();
  }
}

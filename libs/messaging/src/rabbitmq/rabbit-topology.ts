import { queues, type QueueDefinition, type ServiceName } from '@tearoff/contracts';
import type { Channel } from 'amqplib';

/** The names on the broker; each begins with the installation's prefix (`tearoff`). */
export class RabbitNames {
  constructor(private readonly prefix: string) {}
  readonly exchange = (): string => `${this.prefix}.events`;
  readonly queue = (name: string): string => `${this.prefix}.${name}`;
  readonly rpc = (service: ServiceName): string => `${this.prefix}.${service}.rpc`;
  readonly dead = (service: ServiceName): string => `${this.prefix}.${service}.dead`;
  /** The contracts' name of a queue on the broker. */
  readonly contractName = (queue: string): string => queue.slice(this.prefix.length + 1);
}

/** Deliveries of one message after which the broker moves it to the dead messages: it probably crashes its consumer. */
const deliveryLimit = 20;

/**
 * Deliveries of a dead message that cannot be recorded: its consumer returns it at a stop, or about every two minutes
 * while the database refuses it. Set explicitly, because RabbitMQ 4 drops a message after 20 deliveries by default
 * (before 4 there was no limit, and no value that means none).
 */
const deadDeliveryLimit = 1_000;

/**
 * The durable exchange and queues. Every process declares all of them, so that processes can start in any order. The
 * services of one process share one declaration: five services that declared quorum queues at the same time have
 * locked up a broker (3.10.8).
 */
export class RabbitTopology {
  private last: Promise<void> = Promise.resolve();
  private declared = false;

  constructor(private readonly names: RabbitNames) {}

  /** `again`: declare once more, because a connection or channel was lost and the broker may have lost its queues. */
  declare(channel: Channel, again: boolean): Promise<void> {
    const turn = this.last.then(async () => {
      if (this.declared && !again) return;
      await declareAll(channel, this.names);
      this.declared = true;
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

async function declareAll(channel: Channel, names: RabbitNames): Promise<void> {
  await channel.assertExchange(names.exchange(), 'topic', { durable: true });
  for (const service of new Set(queues.map((queue) => queue.service)))
    await channel.assertQueue(names.dead(service), {
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': deadDeliveryLimit },
    });
  for (const queue of queues) await declareQueue(channel, names, queue);
}

export async function declareQueue(
  channel: Channel,
  names: RabbitNames,
  queue: QueueDefinition,
): Promise<void> {
  const name = names.queue(queue.name);
  await channel.assertQueue(name, {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': deliveryLimit,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': names.dead(queue.service),
    },
  });
  if (queue.mode === 'events')
    for (const { type } of queue.types) await channel.bindQueue(name, names.exchange(), type);
}

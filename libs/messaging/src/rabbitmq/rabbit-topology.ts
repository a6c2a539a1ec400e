import { queues, type QueueDefinition } from '@tearoff/contracts';
import type { Channel } from 'amqplib';
import type { RabbitNames } from './rabbit-names';

/** Deliveries of one message after which it is taken to be what kills its consumer. */
const deliveryLimit = 20;

/**
 * Of a dead message that cannot be recorded: its consumer gives one back at a stop, or about once in two minutes while
 * the database refuses it. Said outright, because RabbitMQ 4 drops after 20 what says nothing (before 4 there was no
 * limit, and it knew no number for none).
 */
const deadDeliveryLimit = 1_000;

/**
 * Everything that outlives a process: every process declares all of it, so that none has to be first. The services of
 * one process take turns, and those who come later find it there: many at once on quorum queues have been seen to lock
 * a broker up (3.10.8, five services at the same moment).
 */
export class RabbitTopology {
  private last: Promise<void> = Promise.resolve();
  private declared = false;

  constructor(private readonly names: RabbitNames) {}

  /** `again`: after a connection or channel was lost, and perhaps what is on the broker with it. */
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

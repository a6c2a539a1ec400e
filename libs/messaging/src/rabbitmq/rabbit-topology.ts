import { queues, type QueueDefinition } from '@tearoff/contracts';
import type { Channel } from 'amqplib';
import type { RabbitNames } from './rabbit-names';

/** Deliveries of one message after which it is taken to be what kills its consumer. */
const deliveryLimit = 20;

/** Everything that outlives a process. Every service declares all of it, so that nobody has to be first. */
export async function declareTopology(channel: Channel, names: RabbitNames): Promise<void> {
  await channel.assertExchange(names.exchange(), 'topic', { durable: true });
  for (const service of new Set(queues.map((queue) => queue.service)))
    await channel.assertQueue(names.dead(service), {
      durable: true,
      arguments: { 'x-queue-type': 'quorum' },
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

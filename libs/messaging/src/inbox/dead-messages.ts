import { setTimeout as pauseFor } from 'node:timers/promises';
import { isDatabaseUnavailable, type ServiceName } from '@tearoff/contracts';
import type { MessagingLogger } from '../logger';
import type { Outbox } from '../outbox/outbox';
import type { Consumer, DeadMessage, Link } from '../transport';
import { insertDeadLetter } from './dead-letters';

const reasons: Record<DeadMessage['cause'], string> = {
  rejected: 'could be neither handled nor recorded',
  'delivery limit': 'reached the delivery limit: its consumer probably crashed each time',
};

/**
 * Records a service's dead messages as dead letters. While that fails it holds a message and tries again with growing
 * pauses: a message that is returned immediately comes back thousands of times a second, and the broker drops it at
 * its delivery limit.
 */
export async function consumeDeadMessages(
  service: ServiceName,
  link: Link,
  outbox: Outbox,
  pauseMs: { first: number; max: number },
  logger: MessagingLogger,
): Promise<Consumer> {
  const stopped = new AbortController();
  const recording = new Set<Promise<void>>();

  const record = async (message: DeadMessage): Promise<void> => {
    const { queue, body, cause } = message;
    for (let pause = pauseMs.first; ; pause = Math.min(pause * 2, pauseMs.max)) {
      try {
        await outbox.transaction((tx) =>
          insertDeadLetter(tx, { queue, body, reason: reasons[cause], attempts: 1 }),
        );
        return message.ack();
      } catch (error) {
        if (isDatabaseUnavailable(error))
          logger.warn(`a dead message of ${queue} is held: the database is unavailable`);
        else logger.error(`a dead message of ${queue} could not be recorded`, error);
        if (!stopped.signal.aborted)
          await pauseFor(pause, undefined, { signal: stopped.signal }).catch(() => undefined);
        // A message that the database refuses is returned after the longest pause, until it reaches the delivery limit.
        if (stopped.signal.aborted || (pause === pauseMs.max && !isDatabaseUnavailable(error)))
          return message.nack();
      }
    }
  };

  const consumer = await link.consumeDead(service, (message) => {
    const work = record(message).finally(() => recording.delete(work));
    recording.add(work);
  });
  return {
    stop: async () => {
      stopped.abort();
      await consumer.stop();
      await Promise.all(recording);
    },
  };
}

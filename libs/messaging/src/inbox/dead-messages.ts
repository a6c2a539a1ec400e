import { setTimeout as pauseFor } from 'node:timers/promises';
import { isDatabaseAway, type ServiceName } from '@tearoff/contracts';
import type { MessagingLogger } from '../logger';
import type { Outbox } from '../outbox/outbox';
import type { Consumer, DeadMessage, Link } from '../transport';
import { insertDeadLetter } from './dead-letters';

const reasons: Record<DeadMessage['cause'], string> = {
  rejected: 'could be neither handled nor recorded',
  'killed its consumer': 'killed its consumer',
};

/**
 * Records a service's dead messages as dead letters. While that fails they are held, with growing pauses: given back at
 * once, each would come again thousands of times a second, and a broker that counts deliveries would drop it.
 */
export async function consumeDeadMessages(
  service: ServiceName,
  link: Link,
  outbox: Outbox,
  pauseMs: { first: number; most: number },
  logger: MessagingLogger,
): Promise<Consumer> {
  const stopped = new AbortController();
  const inFlight = new Set<Promise<void>>();

  const record = async (message: DeadMessage): Promise<void> => {
    const { queue, body, cause } = message;
    for (let pause = pauseMs.first; ; pause = Math.min(pause * 2, pauseMs.most)) {
      try {
        await outbox.transaction((tx) =>
          insertDeadLetter(tx, { queue, body, reason: reasons[cause], attempts: 1 }),
        );
        return message.ack();
      } catch (error) {
        if (isDatabaseAway(error)) logger.warn(`a dead message of ${queue} is held, the database is away`);
        else logger.error(`a dead message of ${queue} could not be recorded`, error);
        if (!stopped.signal.aborted)
          await pauseFor(pause, undefined, { signal: stopped.signal }).catch(() => undefined);
        // One that is refused for what it is goes round until its deliveries are counted out, each round longer.
        if (stopped.signal.aborted || (pause === pauseMs.most && !isDatabaseAway(error)))
          return message.nack();
      }
    }
  };

  const consumer = await link.consumeDead(service, (message) => {
    const work = record(message).finally(() => inFlight.delete(work));
    inFlight.add(work);
  });
  return {
    stop: async () => {
      stopped.abort();
      await consumer.stop();
      await Promise.all(inFlight);
    },
  };
}

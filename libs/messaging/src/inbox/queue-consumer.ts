import { setTimeout as pauseFor } from 'node:timers/promises';
import { isDatabaseAway, type QueueDefinition } from '@tearoff/contracts';
import type { MessagingLogger } from '../logger';
import { Counter, metric } from '../metrics';
import type { Consumer, Incoming, Link } from '../transport';

export interface QueueConsumerOptions {
  prefetch: number;
  /** How many messages are settled together at most, and how many such groups at a time. */
  messagesPerGroup: number;
  concurrency: number;
  /** Milliseconds after a group in which more may gather for the next one: as long as it took, within these bounds. */
  batchWindowMs?: { least: number; most: number };
  /** Milliseconds before a group that failed is tried again, doubled each time. */
  pauseMs: { first: number; most: number };
}

/** Tries of a group that fails although the database is there; then its messages are given up. */
const maxTries = 8;

const givenUp = metric(
  () =>
    new Counter({
      name: 'tearoff_messages_given_up_total',
      help: 'Messages that could be neither handled nor recorded, and were rejected',
      labelNames: ['queue'],
    }),
);

/**
 * Takes messages off a queue in groups and settles each group; what has gathered while earlier groups were
 * under way makes the next one. While the database is away messages are held, not lost and not counted as
 * failed; those that fail to be settled for another reason are rejected in the end; on stop what was not begun goes back to the queue.
 */
export class QueueConsumer {
  private readonly buffer: Incoming[] = [];
  private readonly running = new Set<Promise<void>>();
  private consumer?: Consumer;
  private readonly stopped = new AbortController();

  constructor(
    private readonly link: Link,
    private readonly queue: QueueDefinition,
    private readonly options: QueueConsumerOptions,
    private readonly settle: (messages: readonly Incoming[], isLastTry: boolean) => Promise<void>,
    private readonly logger: MessagingLogger,
  ) {}

  async start(): Promise<void> {
    this.consumer = await this.link.consume(this.queue, this.options.prefetch, (message) => {
      if (this.stopped.signal.aborted) return message.nack();
      this.buffer.push(message);
      // A turn later, so that messages that came in one read are settled together.
      if (this.running.size < this.options.concurrency) setImmediate(() => this.pump());
    });
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.consumer?.stop();
    for (const message of this.buffer.splice(0)) message.nack();
    await Promise.all(this.running);
  }

  private pump(): void {
    while (this.running.size < this.options.concurrency && this.buffer.length > 0) {
      const group = this.buffer.splice(0, this.options.messagesPerGroup);
      const startedAt = performance.now();
      const work = this.process(group)
        .then(() => this.collectBatch(startedAt))
        .finally(() => {
          this.running.delete(work);
          this.pump();
        });
      this.running.add(work);
    }
  }

  /** As long as the group took, within bounds; not when the next group is full already. */
  private async collectBatch(startedAt: number): Promise<void> {
    const { batchWindowMs, messagesPerGroup } = this.options;
    if (!batchWindowMs || this.stopped.signal.aborted || this.buffer.length >= messagesPerGroup) return;
    const took = performance.now() - startedAt;
    await pauseFor(Math.min(Math.max(took, batchWindowMs.least), batchWindowMs.most));
  }

  private async process(group: readonly Incoming[], firstTry = 1): Promise<void> {
    const { pauseMs } = this.options;
    let pause = pauseMs.first;
    for (let tries = firstTry; ;) {
      try {
        await this.settle(group, tries === maxTries);
        for (const message of group) message.ack();
        return;
      } catch (error) {
        if (isDatabaseAway(error)) {
          if (pause === pauseMs.first)
            this.logger.warn(`${this.queue.name}: the database is away, ${group.length} messages are held`);
        } else {
          this.logger.error(`${this.queue.name}: messages could not be settled (try ${tries})`, error);
          if (tries === maxTries) return await this.giveUp(group);
          tries++;
        }
        if (!this.stopped.signal.aborted)
          await pauseFor(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
        if (this.stopped.signal.aborted) {
          for (const message of group) message.nack();
          return;
        }
        pause = Math.min(pause * 2, pauseMs.most);
      }
    }
  }

  /** Each of the group has a last try of its own. */
  private async giveUp(group: readonly Incoming[]): Promise<void> {
    if (group.length > 1) for (const message of group) await this.process([message], maxTries);
    else {
      this.logger.error(
        `${this.queue.name}: a message was given up, it could be neither handled nor recorded`,
      );
      givenUp().inc({ queue: this.queue.name });
      group[0].reject();
    }
  }
}

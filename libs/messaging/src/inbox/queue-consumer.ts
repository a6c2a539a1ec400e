import { setTimeout as pauseFor } from 'node:timers/promises';
import { isDatabaseAway, type QueueDefinition } from '@tearoff/contracts';
import type { MessagingLogger } from '../logger';
import type { Consumer, Incoming, Link } from '../transport';

export interface QueueConsumerOptions {
  prefetch: number;
  /** How many messages are settled together at most, and how many such groups at a time. */
  messagesPerGroup: number;
  concurrency: number;
  /** Milliseconds after a group in which more may gather for the next one: as long as it took, within these bounds. */
  lingerMs?: { least: number; most: number };
}

const awayPauseMs = { first: 100, most: 5_000 };

/**
 * Takes messages off a queue in groups and settles each group; what has gathered while earlier groups were
 * under way makes the next one. While the database is away messages are held, not lost and not counted as
 * failed; on stop what was not begun goes back to the queue.
 */
export class QueueConsumer {
  private readonly buffer: Incoming[] = [];
  private readonly running = new Set<Promise<void>>();
  private consumer?: Consumer;
  private stopping = false;

  constructor(
    private readonly link: Link,
    private readonly queue: QueueDefinition,
    private readonly options: QueueConsumerOptions,
    private readonly settle: (messages: readonly Incoming[]) => Promise<void>,
    private readonly logger: MessagingLogger,
  ) {}

  async start(): Promise<void> {
    this.consumer = await this.link.consume(this.queue, this.options.prefetch, (message) => {
      if (this.stopping) return message.nack();
      this.buffer.push(message);
      // A turn later, so that messages that came in one read are settled together.
      if (this.running.size < this.options.concurrency) setImmediate(() => this.pump());
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.consumer?.stop();
    for (const message of this.buffer.splice(0)) message.nack();
    await Promise.all(this.running);
  }

  private pump(): void {
    while (this.running.size < this.options.concurrency && this.buffer.length > 0) {
      const group = this.buffer.splice(0, this.options.messagesPerGroup);
      const startedAt = performance.now();
      const work = this.process(group)
        .then(() => this.linger(startedAt))
        .finally(() => {
          this.running.delete(work);
          this.pump();
        });
      this.running.add(work);
    }
  }

  /** As long as the group took, within bounds; not when the next group is full already. */
  private async linger(startedAt: number): Promise<void> {
    const { lingerMs, messagesPerGroup } = this.options;
    if (!lingerMs || this.stopping || this.buffer.length >= messagesPerGroup) return;
    const took = performance.now() - startedAt;
    await pauseFor(Math.min(Math.max(took, lingerMs.least), lingerMs.most));
  }

  private async process(group: readonly Incoming[]): Promise<void> {
    let pause = awayPauseMs.first;
    for (;;) {
      try {
        await this.settle(group);
        for (const message of group) message.ack();
        return;
      } catch (error) {
        if (!isDatabaseAway(error))
          this.logger.error(`${this.queue.name}: messages could not be settled`, error);
        else if (pause === awayPauseMs.first)
          this.logger.warn(`${this.queue.name}: the database is away, ${group.length} messages are held`);
        if (this.stopping) {
          for (const message of group) message.nack();
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(pause * 2, awayPauseMs.most);
      }
    }
  }
}

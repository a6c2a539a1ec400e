import { setTimeout as pauseFor } from 'node:timers/promises';
import { isDatabaseUnavailable, type QueueDefinition } from '@tearoff/contracts';
import type { MessagingLogger } from '../logger';
import { Counter, metric } from '../metrics';
import type { Consumer, IncomingMessage, Link } from '../transport';

export interface QueueConsumerOptions {
  prefetch: number;
  /** Messages processed together at most. */
  messagesPerBatch: number;
  /** Batches processed at a time. */
  concurrency: number;
  /** Milliseconds to collect messages for the next batch: as long as the last batch took, within these bounds. */
  batchWindowMs?: { min: number; max: number };
  /** Milliseconds before a failed batch is tried again, doubled each time up to `max`. */
  pauseMs: { first: number; max: number };
}

/** Tries of a batch that fails while the database is available; then its messages are rejected. */
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
 * Consumes a queue in batches; the messages that arrive during earlier batches make the next one. While the database
 * is unavailable messages are held and their tries are not counted. Messages that cannot be processed for another
 * reason are rejected after `maxTries`. On stop, messages that were not begun return to the queue.
 */
export class QueueConsumer {
  private readonly buffer: IncomingMessage[] = [];
  private readonly running = new Set<Promise<void>>();
  private consumer?: Consumer;
  private readonly stopped = new AbortController();

  constructor(
    private readonly link: Link,
    private readonly queue: QueueDefinition,
    private readonly options: QueueConsumerOptions,
    private readonly processBatch: (
      messages: readonly IncomingMessage[],
      isLastTry: boolean,
    ) => Promise<void>,
    private readonly logger: MessagingLogger,
  ) {}

  async start(): Promise<void> {
    this.consumer = await this.link.consume(this.queue, this.options.prefetch, (message) => {
      if (this.stopped.signal.aborted) return message.nack();
      this.buffer.push(message);
      // Deferred by one event-loop turn, so that messages of one socket read are processed together.
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
      const batch = this.buffer.splice(0, this.options.messagesPerBatch);
      const startedAt = performance.now();
      const work = this.processWithRetry(batch)
        .then(() => this.waitForBatch(startedAt))
        .finally(() => {
          this.running.delete(work);
          this.pump();
        });
      this.running.add(work);
    }
  }

  /** Waits as long as the batch took, within bounds; not at all when the next batch is already full. */
  private async waitForBatch(startedAt: number): Promise<void> {
    const { batchWindowMs, messagesPerBatch } = this.options;
    if (!batchWindowMs || this.stopped.signal.aborted || this.buffer.length >= messagesPerBatch) return;
    const took = performance.now() - startedAt;
    await pauseFor(Math.min(Math.max(took, batchWindowMs.min), batchWindowMs.max));
  }

  private async processWithRetry(batch: readonly IncomingMessage[], firstTry = 1): Promise<void> {
    const { pauseMs } = this.options;
    let pause = pauseMs.first;
    for (let tries = firstTry; ;) {
      try {
        await this.processBatch(batch, tries === maxTries);
        for (const message of batch) message.ack();
        return;
      } catch (error) {
        if (isDatabaseUnavailable(error)) {
          if (pause === pauseMs.first)
            this.logger.warn(
              `${this.queue.name}: the database is unavailable, ${batch.length} messages are held`,
            );
        } else {
          this.logger.error(`${this.queue.name}: messages could not be processed (try ${tries})`, error);
          if (tries === maxTries) return await this.giveUp(batch);
          tries++;
        }
        if (!this.stopped.signal.aborted)
          await pauseFor(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
        if (this.stopped.signal.aborted) {
          for (const message of batch) message.nack();
          return;
        }
        pause = Math.min(pause * 2, pauseMs.max);
      }
    }
  }

  /** Gives each message of the batch a last try of its own, then rejects it. */
  private async giveUp(batch: readonly IncomingMessage[]): Promise<void> {
    if (batch.length > 1) for (const message of batch) await this.processWithRetry([message], maxTries);
    else {
      this.logger.error(
        `${this.queue.name}: a message was rejected because it could be neither handled nor recorded`,
      );
      givenUp().inc({ queue: this.queue.name });
      batch[0].reject();
    }
  }
}

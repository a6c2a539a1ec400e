import { Unroutable, type IncomingMessage } from '../transport';
import type { SharedBody } from './shared-body';

interface QueuedMessage {
  body: SharedBody;
  resolve(): void;
  reject(error: Error): void;
}

interface QueueSubscriber {
  prefetch: number;
  unacknowledged: number;
  onMessage(message: IncomingMessage): void;
}

/** A queue in memory. It is not durable: a publisher's promise settles only when the message has been handled. */
export class InProcessQueue {
  private readonly waiting: QueuedMessage[] = [];
  private readonly consumers: QueueSubscriber[] = [];
  private next = 0;

  /** `dead`: where rejected messages go; a queue without one delivers them again. */
  constructor(
    private readonly name: string,
    private readonly dead?: InProcessQueue,
  ) {}

  /** Resolves when a consumer has acknowledged; rejects with `Unroutable` when there is none. */
  publish(body: SharedBody): Promise<void> {
    if (this.consumers.length === 0) return Promise.reject(this.unroutable());
    return new Promise((resolve, reject) => {
      this.waiting.push({ body, resolve, reject });
      this.dispatch();
    });
  }

  add(prefetch: number, onMessage: (message: IncomingMessage) => void): () => void {
    const consumer: QueueSubscriber = { prefetch, unacknowledged: 0, onMessage };
    this.consumers.push(consumer);
    this.dispatch();
    return () => {
      this.consumers.splice(this.consumers.indexOf(consumer), 1);
      if (this.consumers.length === 0)
        for (const entry of this.waiting.splice(0)) entry.reject(this.unroutable());
    };
  }

  private unroutable(): Unroutable {
    return new Unroutable(`${this.name} has no consumer`);
  }

  private dispatch(): void {
    while (this.waiting.length > 0) {
      const consumer = this.nextFree();
      if (!consumer) return;
      this.deliver(consumer, this.waiting.shift()!);
    }
  }

  private nextFree(): QueueSubscriber | undefined {
    for (let i = 0; i < this.consumers.length; i++) {
      const consumer = this.consumers[this.next++ % this.consumers.length];
      if (consumer.unacknowledged < consumer.prefetch) return consumer;
    }
    return undefined;
  }

  private deliver(consumer: QueueSubscriber, entry: QueuedMessage): void {
    consumer.unacknowledged++;
    const finish = (outcome: () => void): void => {
      consumer.unacknowledged--;
      outcome();
      this.dispatch();
    };
    const requeue = (): void => {
      if (this.consumers.length > 0) this.waiting.unshift(entry);
      else entry.reject(this.unroutable());
    };
    const { dead } = this;
    consumer.onMessage({
      body: entry.body.text,
      read: () => entry.body.read(),
      ack: () => finish(() => entry.resolve()),
      nack: () => finish(requeue),
      // The publisher keeps the message until the dead queue's consumer has recorded it.
      reject: () =>
        finish(
          dead
            ? () =>
                void dead.publish(entry.body).then(
                  () => entry.resolve(),
                  (error: Error) => entry.reject(error),
                )
            : requeue,
        ),
    });
  }
}

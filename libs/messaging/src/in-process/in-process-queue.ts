import { Unroutable, type Incoming } from '../transport';
import type { SharedBody } from './shared-body';

interface Entry {
  body: SharedBody;
  resolve(): void;
  reject(error: Error): void;
}

interface QueueConsumer {
  prefetch: number;
  inFlight: number;
  onMessage(message: Incoming): void;
}

/** A queue in memory. It keeps nothing: a publisher's promise settles when the message has been handled. */
export class InProcessQueue {
  private readonly waiting: Entry[] = [];
  private readonly consumers: QueueConsumer[] = [];
  private next = 0;

  /** `dead`: where rejected messages go; those of a queue without one are handed out again. */
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

  add(prefetch: number, onMessage: (message: Incoming) => void): () => void {
    const consumer: QueueConsumer = { prefetch, inFlight: 0, onMessage };
    this.consumers.push(consumer);
    this.dispatch();
    return () => {
      this.consumers.splice(this.consumers.indexOf(consumer), 1);
      if (this.consumers.length === 0)
        for (const entry of this.waiting.splice(0)) entry.reject(this.unroutable());
    };
  }

  private unroutable(): Unroutable {
    return new Unroutable(`no one consumes ${this.name} yet`);
  }

  private dispatch(): void {
    while (this.waiting.length > 0) {
      const consumer = this.nextFree();
      if (!consumer) return;
      this.hand(consumer, this.waiting.shift()!);
    }
  }

  private nextFree(): QueueConsumer | undefined {
    for (let i = 0; i < this.consumers.length; i++) {
      const consumer = this.consumers[this.next++ % this.consumers.length];
      if (consumer.inFlight < consumer.prefetch) return consumer;
    }
    return undefined;
  }

  private hand(consumer: QueueConsumer, entry: Entry): void {
    consumer.inFlight++;
    const settle = (outcome: () => void): void => {
      consumer.inFlight--;
      outcome();
      this.dispatch();
    };
    const again = (): void => {
      if (this.consumers.length > 0) this.waiting.unshift(entry);
      else entry.reject(this.unroutable());
    };
    const { dead } = this;
    consumer.onMessage({
      body: entry.body.text,
      read: () => entry.body.read(),
      ack: () => settle(() => entry.resolve()),
      nack: () => settle(again),
      // The publisher keeps it until it is recorded there.
      reject: () =>
        settle(
          dead
            ? () =>
                void dead.publish(entry.body).then(
                  () => entry.resolve(),
                  (error: Error) => entry.reject(error),
                )
            : again,
        ),
    });
  }
}

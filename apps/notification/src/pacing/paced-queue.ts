import type { Lane } from './lane';
import type { Grant } from './pace';
import { waited } from './pacing.metrics';

export interface PacedQueueParts<Item> {
  channel: string;
  lane: Lane;
  /** Messages a second, of all workers. */
  rate: number;
  /** How many the provider is good for at a time. */
  concurrency: number;
  take(wanted: number): Promise<Grant>;
  /** Sends them now. */
  deliver(items: readonly Item[]): Promise<void>;
  /** Gives them back to the queue until there may be room. */
  reschedule(items: readonly Item[]): Promise<void>;
}

interface Job<Item> {
  readonly item: Item;
  readonly since: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** What a worker keeps waiting: so many seconds' worth, for so long. More would hold its messages for hours. */
const kept = { seconds: 2, ms: 10_000 };

/**
 * Hands on as many as the provider's rate allows and gives the rest back, to come again when their turn may be.
 * Waits without asking: a grant says when the next can be had.
 */
export class PacedQueue<Item> {
  private readonly waiting: Job<Item>[] = [];
  private inFlight = 0;
  private running = false;
  private stopped: Error | null = null;
  private freed: () => void = () => undefined;
  private wake: () => void = () => undefined;

  constructor(private readonly parts: PacedQueueParts<Item>) {}

  /** Resolves when each is sent or put off; rejects, after all of them, if one failed. */
  async deliver(items: readonly Item[]): Promise<void> {
    const since = performance.now();
    const settled = items.map(
      (item) =>
        new Promise<void>((done, failed) => {
          if (this.stopped) failed(this.stopped);
          else this.waiting.push({ item, since, done, failed });
        }),
    );
    void this.run();
    const results = await Promise.allSettled(settled);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }

  /** What waits fails with this error, and so goes back to the queue; what is in hand is finished. */
  stop(error: Error): void {
    this.stopped = error;
    for (const job of this.waiting.splice(0)) job.failed(error);
    this.wake();
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      while (this.waiting.length > 0) await this.step();
    } catch (error) {
      for (const job of this.waiting.splice(0)) job.failed(error);
    } finally {
      this.running = false;
    }
  }

  private async step(): Promise<void> {
    const { rate, concurrency, channel, lane } = this.parts;
    this.reschedule(this.waiting.splice(Math.max(1, Math.ceil(kept.seconds * rate))));
    if (performance.now() - this.waiting[0].since > kept.ms) return this.reschedule(this.waiting.splice(0));
    // A tenth of a second's worth may wait for a free call: taken by then, and still within the burst.
    const room = concurrency + Math.floor(rate / 10) - this.inFlight;
    if (room <= 0) return this.sleepUntil((wake) => (this.freed = wake), kept.ms);
    const wanted = Math.min(room, this.waiting.length);
    const { granted, waitMs } = await this.parts.take(wanted);
    if (granted > 0) this.begin(this.waiting.splice(0, granted));
    if (granted === wanted) return;
    waited(channel, lane, waitMs);
    if (waitMs > kept.ms) this.reschedule(this.waiting.splice(0));
    else await this.sleepUntil(() => undefined, waitMs);
  }

  private begin(jobs: readonly Job<Item>[]): void {
    if (jobs.length === 0) return;
    this.inFlight += jobs.length;
    void this.hand(jobs, this.parts.deliver(jobs.map(({ item }) => item))).finally(() => {
      this.inFlight -= jobs.length;
      this.freed();
    });
  }

  private reschedule(jobs: readonly Job<Item>[]): void {
    if (jobs.length > 0) void this.hand(jobs, this.parts.reschedule(jobs.map(({ item }) => item)));
  }

  private hand(jobs: readonly Job<Item>[], work: Promise<void>): Promise<void> {
    return work.then(
      () => jobs.forEach(({ done }) => done()),
      (error: unknown) => jobs.forEach(({ failed }) => failed(error)),
    );
  }

  /** Over when the time is, when this is stopped, or when anyone who was given the waker calls it. */
  private sleepUntil(listen: (wake: () => void) => void, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      listen(this.wake);
    });
  }
}

import { unavailable, type Channel, type MessageContext } from '@tearoff/contracts';
import type { Provider } from '../providers/provider';
import { attempt } from './attempt';
import type { AttemptPolicy } from './backoff';
import type { ClaimedRow } from './claim';
import type { Outcome } from './outcomes';

export interface DueItem {
  id: string;
  context: MessageContext | null;
}

export interface DispatcherParts {
  channel: Channel;
  provider: Provider;
  policy: AttemptPolicy;
  /** Takes those that may be sent; see `claim`. */
  claim(ids: readonly string[]): Promise<ClaimedRow[]>;
  /** Resolves when committed. */
  record(outcome: Outcome): Promise<void>;
  /** Another worker has it: to be looked at again when it must have let go. */
  lookAgain(item: DueItem, channel: Channel, at: Date): Promise<void>;
}

interface Job extends DueItem {
  done(): void;
  failed(error: unknown): void;
}

/**
 * Sends one channel's due deliveries. A delivery is taken only when the provider is about to be free for it,
 * so that `sending` means sending and what this worker cannot get to stays with the queue; those that gather
 * meanwhile are taken with one statement.
 */
export class Dispatcher {
  private readonly waiting: Job[] = [];
  private inHand = 0;
  private claiming = false;
  private draining = false;

  constructor(private readonly parts: DispatcherParts) {}

  /** Resolves when each is settled, put off, or found to need nothing; rejects, after all of them, if one failed. */
  async deliver(items: readonly DueItem[]): Promise<void> {
    const settled = items.map(
      (item) => new Promise<void>((done, failed) => this.waiting.push({ ...item, done, failed })),
    );
    this.pump();
    const results = await Promise.allSettled(settled);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }

  /** From now on only finishes what it has taken; what waits goes back to the queue. */
  drain(): void {
    this.draining = true;
    for (const job of this.waiting.splice(0)) job.failed(stopping());
  }

  private pump(): void {
    if (this.draining) return this.drain();
    // Twice what the provider takes at a time, so that it finds the next ones ready.
    const room = 2 * this.parts.provider.concurrency - this.inHand;
    if (this.claiming || room <= 0 || this.waiting.length === 0) return;
    void this.take(this.waiting.splice(0, room));
  }

  private async take(jobs: Job[]): Promise<void> {
    this.claiming = true;
    this.inHand += jobs.length;
    let rows = new Map<string, ClaimedRow>();
    try {
      const claimed = await this.parts.claim([...new Set(jobs.map(({ id }) => id))]);
      rows = new Map(claimed.map((row) => [row.id, row]));
    } catch (error) {
      for (const job of jobs) job.failed(error);
      this.inHand -= jobs.length;
      jobs = [];
    } finally {
      this.claiming = false;
    }
    for (const job of jobs) {
      const row = rows.get(job.id);
      rows.delete(job.id);
      void this.settle(job, row).then(job.done, job.failed).finally(() => {
        this.inHand -= 1;
        this.pump();
      });
    }
    this.pump();
  }

  private async settle(job: Job, row: ClaimedRow | undefined): Promise<void> {
    // Settled before: its item came twice.
    if (!row) return;
    const { channel, provider, policy } = this.parts;
    if (row.busyUntil) return this.parts.lookAgain(job, channel, row.busyUntil);
    const outcome = await attempt(row, provider, policy);
    await this.parts.record({ ...outcome, context: job.context });
  }
}

const stopping = (): Error =>
  unavailable('service.stopping', 'This worker is stopping; another will send the message.');

import { unavailable, type Channel, type MessageContext } from '@tearoff/contracts';
import type { Provider } from '../providers/provider';
import { attempt } from './attempt';
import type { AttemptPolicy } from './backoff';
import type { ClaimedRow } from './claim';
import type { Outcome } from './outcomes';
import type { LaneSlots } from './slots';
import { Throughput } from './throughput';

export interface DueItem {
  id: string;
  context: MessageContext | null;
}

export interface DispatcherParts {
  channel: Channel;
  provider: Provider;
  slots: LaneSlots;
  policy: AttemptPolicy;
  /** Milliseconds after which another worker may take what this one has taken. */
  leaseMs: number;
  /** Takes those that may be sent; see `claim`. */
  claim(ids: readonly string[]): Promise<ClaimedRow[]>;
  /** Resolves when committed. */
  record(outcome: Outcome): Promise<void>;
  /** Another worker has it: to be looked at again when it must have let go. */
  lookAgain(item: DueItem, channel: Channel, at: Date): Promise<void>;
}

interface Job extends DueItem {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Taken {
  job: Job;
  row: ClaimedRow;
  at: number;
}

/** How far ahead of the provider deliveries are taken: about as long as the statement that takes them. */
const aheadMs = 100;

/**
 * Sends one channel's due deliveries. They are taken in sets, but only as many as the provider will be free
 * for in a moment: what a worker has taken when it is killed may end as unknown, and what it cannot get to
 * belongs to the others.
 */
export class Dispatcher {
  private readonly waiting: Job[] = [];
  private readonly ready: Taken[] = [];
  private readonly throughput = new Throughput(aheadMs);
  private claiming = 0;
  private sending = 0;
  private draining = false;
  private heldUntil = 0;

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

  /** From now on only finishes what it is sending; the rest goes back to the queue. */
  drain(): void {
    this.draining = true;
    this.pump();
  }

  /** Sends nothing for that long: the provider has had too much. */
  hold(ms: number): void {
    this.heldUntil = Math.max(this.heldUntil, performance.now() + ms);
    setTimeout(() => this.pump(), ms + 1).unref();
  }

  /** Goes on with what waits: called by anyone who has freed a call. */
  pump(): void {
    if (this.draining) for (const job of this.waiting.splice(0)) job.failed(stopping());
    const held = !this.draining && performance.now() < this.heldUntil;
    while (this.ready.length > 0 && (this.draining || (!held && this.parts.slots.take())))
      this.begin(this.ready.shift()!);
    if (held) return;
    const wanted = Math.max(2 * this.parts.slots.most, this.throughput.recent());
    const room = wanted - this.ready.length - this.sending;
    if (this.claiming > 0 || room <= 0 || this.waiting.length === 0) return;
    // A claim costs as much as many deliveries: while half of what is wanted is still in hand it can wait.
    if (room < wanted / 2 && this.ready.length > 0) return;
    void this.take(this.waiting.splice(0, room));
  }

  private async take(jobs: readonly Job[]): Promise<void> {
    this.claiming = jobs.length;
    try {
      // The lease begins when the statement runs, which is not before now.
      const at = Date.now();
      const claimed = await this.parts.claim([...new Set(jobs.map(({ id }) => id))]);
      const rows = new Map(claimed.map((row) => [row.id, row]));
      for (const job of jobs) {
        const row = rows.get(job.id);
        // An id that comes twice in one set is sent once.
        rows.delete(job.id);
        if (row && !row.busyUntil) this.ready.push({ job, row, at });
        else void this.leave(job, row?.busyUntil).then(job.done, job.failed);
      }
    } catch (error) {
      for (const job of jobs) job.failed(error);
    }
    this.claiming = 0;
    this.pump();
  }

  /** Settled before, or in the hands of another. */
  private async leave(job: Job, busyUntil: Date | null | undefined): Promise<void> {
    if (busyUntil) await this.parts.lookAgain(job, this.parts.channel, busyUntil);
  }

  private begin(taken: Taken): void {
    this.sending += 1;
    void this.outcomeOf(taken).then((outcome) => {
      this.sending -= 1;
      this.throughput.count();
      this.parts.slots.giveBack();
      const { job } = taken;
      this.parts.record({ ...outcome, context: job.context }).then(job.done, job.failed);
    });
  }

  private outcomeOf({ row, at }: Taken): Promise<Omit<Outcome, 'context'>> {
    const { provider, policy, leaseMs } = this.parts;
    // Half the lease for waiting here; the other half is more than a provider's call may take.
    if (!this.draining && Date.now() - at < leaseMs / 2) return attempt(row, provider, policy);
    return Promise.resolve({
      id: row.id,
      attempt: row.attempts,
      status: 'released',
      error: null,
      providerMessageId: null,
      dueAt: null,
    });
  }
}

export const stopping = (): Error =>
  unavailable('service.stopping', 'This worker is stopping; another will send the message.');

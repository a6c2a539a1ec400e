import { queues, type ServiceName } from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import { Counter, metric } from '../metrics';
import type { MessagingLogger } from '../logger';
import { Unroutable, type Link, type Transport } from '../transport';
import { parcelsOf, type DueRow } from './envelope-text';

const batchSize = 500;
const lanesPerLoop = 2;
const busyPollMs = 20;
const idlePollMs = 1_000;

const relayed = metric(
  () =>
    new Counter({
      name: 'tearoff_outbox_relayed_total',
      help: 'Events handed to the transport and confirmed',
      labelNames: ['service'],
    }),
);

/**
 * Moves due outbox rows to the transport: at least once, in about the order in which they were written. Rows
 * are deleted in a transaction that commits when the transport has confirmed them; several relays share the
 * work through SKIP LOCKED. Woken after a commit, with a poll as backstop that backs off to one a second.
 */
export class Relay {
  private readonly wakers = new Set<() => void>();
  private readonly loops: Promise<void>[] = [];
  private stopping = false;

  constructor(
    private readonly service: ServiceName,
    private readonly dataSource: DataSource,
    private readonly transport: Transport,
    private readonly link: Link,
    private readonly logger: MessagingLogger,
  ) {}

  start(): void {
    const workQueues = queues
      .filter((queue) => queue.service === this.service && queue.mode === 'work')
      .map((queue) => queue.name);
    const shares: Share[] =
      this.transport.publishWaitsForHandling && workQueues.length > 0
        ? [
            { where: 'and (queue is null or queue <> all($2::text[]))', values: [workQueues] },
            ...workQueues.map((queue) => ({ where: 'and queue = $2', values: [queue] })),
          ]
        : [{ where: '', values: [] }];
    for (const share of shares)
      for (let lane = 0; lane < lanesPerLoop; lane++) this.loops.push(this.run(share));
  }

  wake(): void {
    for (const waker of this.wakers) waker();
  }

  /** Finishes the passes under way; what is still due stays in the table. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await Promise.all(this.loops);
  }

  private async run(share: Share): Promise<void> {
    let pause = busyPollMs;
    while (!this.stopping) {
      const woken = this.nextWake();
      try {
        if (!this.link.isReady()) await Promise.race([this.link.ready(), woken.promise]);
        if (this.stopping || !this.link.isReady()) continue;
        const moved = await this.pass(share);
        if (moved > 0) {
          pause = busyPollMs;
          continue;
        }
        pause = Math.min(pause * 2, idlePollMs);
        const due = await this.msUntilNextDue(share);
        if (await woken.within(Math.max(1, Math.min(pause, due)))) pause = busyPollMs;
      } catch (error) {
        if (this.stopping) return;
        this.logger.warn(`the ${this.service} relay will try again: ${String(error)}`);
        await woken.within(idlePollMs);
      } finally {
        woken.forget();
      }
    }
  }

  private async pass({ where, values }: Share): Promise<number> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.connect();
      await runner.startTransaction('READ COMMITTED');
      const [rows] = (await runner.query(
        `delete from outbox where seq = any(array(
           select seq from outbox where available_at <= now() ${where}
           order by available_at, seq limit $1 for update skip locked))
         returning seq, id, type, data::text as data, account, queue, attempt, created_at`,
        [batchSize, ...values],
      )) as [DueRow[], number];
      if (rows.length === 0) {
        await runner.rollbackTransaction();
        return 0;
      }
      rows.sort((a, b) => Number(a.seq) - Number(b.seq));
      const parcels = parcelsOf(rows, this.service);
      const outcomes = await Promise.allSettled(
        parcels.map(({ to, body }) => this.link.publish({ to, body, headers: {} })),
      );
      const failed = outcomes.flatMap((outcome, index) =>
        outcome.status === 'rejected' ? [{ parcel: parcels[index], error: outcome.reason as unknown }] : [],
      );
      if (failed.length === 0) await runner.commitTransaction();
      else await this.putBack(runner, failed.map(({ parcel }) => parcel.rows).flat(), failed[0].error);
      relayed().inc({ service: this.service }, rows.length);
      return rows.length;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }

  /**
   * Nothing was deleted after all. What failed waits a little, longer as it grows older; what did not fail is
   * told twice, which its consumers' inboxes notice.
   */
  private async putBack(runner: Runner, rows: readonly DueRow[], error: unknown): Promise<void> {
    await runner.rollbackTransaction();
    if (!(error instanceof Unroutable)) throw error;
    this.logger.log(`no queue took ${rows.length} events (${rows[0].type}); they are kept: ${error.message}`);
    await runner.query(
      `update outbox set available_at = now() + least(interval '30 seconds',
         greatest(interval '250 milliseconds', (now() - created_at) / 2)) where seq = any($1::bigint[])`,
      [rows.map((row) => row.seq)],
    );
  }

  private async msUntilNextDue({ where, values }: Share): Promise<number> {
    const [row] = (await this.dataSource.query(
      `select extract(epoch from min(available_at) - now()) * 1000 as ms from outbox where $1::int is not null ${where}`,
      [1, ...values],
    )) as { ms: string | null }[];
    return row?.ms == null ? Infinity : Number(row.ms);
  }

  private nextWake(): { promise: Promise<void>; within(ms: number): Promise<boolean>; forget(): void } {
    let waker: () => void = () => undefined;
    let woken = false;
    const promise = new Promise<void>((resolve) => {
      waker = () => {
        woken = true;
        resolve();
      };
    });
    this.wakers.add(waker);
    return {
      promise,
      within: async (ms) => {
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([promise, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
        clearTimeout(timer);
        return woken;
      },
      forget: () => this.wakers.delete(waker),
    };
  }
}

type Runner = ReturnType<DataSource['createQueryRunner']>;

/** Which rows a loop takes: `where` is appended to the claim, its values begin at $2. */
interface Share {
  where: string;
  values: unknown[];
}

import { newId, type Channel } from '@tearoff/contracts';
import type { Outbox, Transaction } from '@tearoff/messaging';
import type { NotificationEnv } from '../env';
import { forgetKeys } from '../messages/message-keys';
import { tellOpen } from './sending.metrics';
import { enqueue } from './work-queue';

interface LostRow {
  id: string;
  channel: Channel;
  bulk: boolean;
}

interface OpenRow {
  channel: Channel;
  bulk: boolean;
  oldest: string;
  count: number;
}

const lookBackMs = 7 * 86_400_000;
/** An id is made when the coupon is given; its row may come that much later. */
const latenessMs = 2 * 3_600_000;
const most = 2_000;
/** A long list waits for hours in its queue: it is given that much longer. */
const listStallTimeout = 12;
/** Messages that the sandbox inbox keeps. */
const kept = 10_000;

interface SweeperLogger {
  warn(message: string): void;
}

/**
 * Brings back deliveries whose work item is gone: their queue was deleted, or restored from an old copy. Ids are
 * ordered in time, so it reads from the oldest delivery that was still open at its last look; an index on the
 * status would be dearer than the look. And keeps the sandbox inbox and callers' keys from growing for ever.
 */
export class Sweeper {
  private from = newId('delivery', Date.now() - lookBackMs);
  private timer?: NodeJS.Timeout;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly outbox: Outbox,
    private readonly env: Pick<
      NotificationEnv,
      'DELIVERY_SWEEP_MS' | 'DELIVERY_LOST_MS' | 'DELIVERY_LEASE_MS'
    >,
    private readonly logger: SweeperLogger,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running = Promise.all([
        this.sweep().catch((error: unknown) =>
          this.logger.warn(`lost deliveries could not be looked for: ${String(error)}`),
        ),
        this.prune().catch((error: unknown) =>
          this.logger.warn(`what is old could not be removed: ${String(error)}`),
        ),
      ]);
    }, this.env.DELIVERY_SWEEP_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Puts lost deliveries on their queues again and returns how many they were; one process at a time does. */
  sweep(): Promise<number> {
    return this.outbox.transaction(async (tx) => {
      if (!(await isAlone(tx, 'sweep'))) {
        tellOpen([]);
        return 0;
      }
      const lost = await this.lostFrom(tx);
      const open = await this.openFrom(tx);
      tellOpen(open);
      const latest = newId('delivery', Date.now() - latenessMs);
      this.from = open.reduce((oldest, row) => (row.oldest < oldest ? row.oldest : oldest), latest);
      if (lost.length === 0) return 0;
      await tx.query(`update delivery set due_at = now() where id = any($1)`, [lost.map(({ id }) => id)]);
      await enqueue(
        this.outbox,
        tx,
        lost.map((row) => ({ ...row, context: null })),
      );
      this.logger.warn(`${lost.length} deliveries had lost their work item and were queued again`);
      return lost.length;
    });
  }

  /**
   * Removes old keys, and all but the newest sandbox messages. Not those of a delivery still open: that the message is there
   * is what keeps it from being "sent" again.
   */
  private prune(): Promise<void> {
    return this.outbox.transaction(async (tx) => {
      if (!(await isAlone(tx, 'prune'))) return;
      await tx.query(
        `delete from sandbox_message message
         where id <= (select id from sandbox_message order by id desc offset $1 limit 1)
           and not exists (
             select from delivery where id = message.delivery_id and status in ('queued', 'sending'))`,
        [kept],
      );
      await forgetKeys(tx);
    });
  }

  private lostFrom(tx: Transaction): Promise<LostRow[]> {
    // `due_at` is when the item is to be had from the queue; a worker's lease begins later.
    return tx.query(
      `select id, channel, bulk
       from delivery
       where id >= $1 and status in ('queued', 'sending')
         and due_at < now() - $2::bigint * case when bulk then $5::int else 1 end * interval '1 millisecond'
         and (sending_since is null or sending_since < now() - $3::int * interval '1 millisecond')
       order by id limit $4`,
      [
        this.from,
        this.env.DELIVERY_LOST_MS,
        this.env.DELIVERY_LEASE_MS + this.env.DELIVERY_LOST_MS,
        most,
        listStallTimeout,
      ],
    );
  }

  private openFrom(tx: Transaction): Promise<OpenRow[]> {
    return tx.query(
      `select channel, bulk, min(id) as oldest, count(*)::int as count
       from delivery where id >= $1 and status in ('queued', 'sending')
       group by channel, bulk`,
      [this.from],
    );
  }
}

/** Whether no other process is at it; until the transaction ends. */
async function isAlone(tx: Transaction, task: string): Promise<boolean> {
  const [{ alone }] = (await tx.query(
    `select pg_try_advisory_xact_lock(hashtext('notification'), hashtext($1)) as alone`,
    [task],
  )) as [{ alone: boolean }];
  return alone;
}

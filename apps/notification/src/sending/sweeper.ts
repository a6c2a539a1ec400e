import { newId, type Channel } from '@tearoff/contracts';
import type { Outbox, Transaction } from '@tearoff/messaging';
import type { NotificationEnv } from '../env';
import { enqueue } from './work-queue';

interface OpenRow {
  id: string;
  channel: Channel;
  lost: boolean;
}

const lookBackMs = 7 * 86_400_000;
/** An id is made when the coupon is given; its row may come that much later. */
const latenessMs = 2 * 3_600_000;
const most = 2_000;
/** Messages that the sandbox inbox keeps. */
const kept = 10_000;

interface SweeperLogger {
  warn(message: string): void;
}

/**
 * Brings back deliveries whose work item is gone: their queue was deleted, or restored from an old copy. Ids are
 * ordered in time, so it reads from the oldest delivery that was still open at its last look; an index on the
 * status would be dearer than the look. And keeps the sandbox inbox from growing for ever.
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
          this.logger.warn(`old sandbox messages could not be removed: ${String(error)}`),
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
      if (!(await isAlone(tx, 'sweep'))) return 0;
      const open = await this.openFrom(tx);
      const latest = newId('delivery', Date.now() - latenessMs);
      this.from = open[0] && open[0].id < latest ? open[0].id : latest;
      const lost = open.filter((row) => row.lost);
      if (lost.length === 0) return 0;
      await tx.query(`update delivery set due_at = now() where id = any($1)`, [lost.map(({ id }) => id)]);
      await enqueue(
        this.outbox,
        tx,
        lost.map(({ id, channel }) => ({ id, channel, context: null })),
      );
      this.logger.warn(`${lost.length} deliveries had lost their work item and were queued again`);
      return lost.length;
    });
  }

  /**
   * Removes all but the newest sandbox messages. Not those of a delivery still open: that the message is there
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
    });
  }

  private openFrom(tx: Transaction): Promise<OpenRow[]> {
    // `due_at` is when the item was put on the queue; a worker's lease begins later.
    return tx.query(
      `select id, channel,
              due_at < now() - $2::int * interval '1 millisecond'
                and (sending_since is null or sending_since < now() - $3::int * interval '1 millisecond') as lost
       from delivery
       where id >= $1 and status in ('queued', 'sending')
       order by id limit $4`,
      [this.from, this.env.DELIVERY_LOST_MS, this.env.DELIVERY_LEASE_MS + this.env.DELIVERY_LOST_MS, most],
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

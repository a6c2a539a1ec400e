import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Outbox } from '@tearoff/messaging';
import { Clock } from '@tearoff/service-kit';
import type { Wakeable } from './run';
import { queues, RunStore } from './run.store';

const everyMs = 60_000;
const lost = { afterMs: 300_000, most: 1_000 };
/** Longer than any wait: 400 days, and as many again for what comes before it. */
const sightingsDays = 800;

/** Wakes runs whose work item is gone (its queue was deleted, its message given up), and forgets old sightings. */
@Injectable()
export class RunSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(RunSweeper.name);
  private timer?: NodeJS.Timeout;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly outbox: Outbox,
    private readonly store: RunStore,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.sweep().catch((error: unknown) =>
        this.logger.warn(`lost runs could not be looked for: ${String(error)}`),
      );
    }, everyMs);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Returns how many were woken. */
  sweep(): Promise<number> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - lost.afterMs);
    return this.outbox.transaction(async (tx) => {
      const [rows] = (await tx.query(
        `update run set woken_at = $1 where id in (
           select id from run where status = 'active' and due_at < $2 and woken_at < $2
           order by due_at limit $3 for update skip locked)
         returning id, context`,
        [now, before, lost.most],
      )) as [Wakeable[], number];
      await this.store.wake(tx, rows, queues.delayed);
      await tx.query(
        `delete from sighting where ctid = any(array(
           select ctid from sighting where touched_at < $1 limit 1000 for update skip locked))`,
        [new Date(now.getTime() - sightingsDays * 86_400_000)],
      );
      if (rows.length > 0) this.logger.warn(`${rows.length} runs had lost their work item and were woken`);
      return rows.length;
    });
  }
}

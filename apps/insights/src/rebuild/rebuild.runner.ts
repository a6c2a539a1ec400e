import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DomainError } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { RebuildReader } from './rebuild.reader';
import { RebuildService, Superseded, type Run } from './rebuild.service';

const lookEveryMs = 15_000;
const rowsAtOnce = 20_000;

/** Runs the rebuilds that were asked for, one after another, and those that a dead process has left. */
@Injectable()
export class RebuildRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RebuildRunner.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private woken = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    private readonly rebuilds: RebuildService,
    private readonly reader: RebuildReader,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.wake(), lookEveryMs).unref();
    this.wake();
  }

  /** One that is under way ends at its next page, and is begun again by anyone who looks first. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.timer);
    await this.running;
  }

  wake(): void {
    if (this.stopping.signal.aborted) return;
    this.woken = true;
    this.running ??= this.runAll()
      .catch((error: unknown) => this.logger.warn(`rebuilds could not be looked for: ${String(error)}`))
      .finally(() => {
        this.running = undefined;
        if (this.woken) this.wake();
      });
  }

  private async runAll(): Promise<void> {
    this.woken = false;
    while (!this.stopping.signal.aborted) {
      const run = await this.rebuilds.begin();
      if (!run || !(await this.run(run))) return;
    }
  }

  /** False when there is no point in going on now: an owner is away, or this process is stopping. */
  private async run(run: Run): Promise<boolean> {
    const { signal } = this.stopping;
    try {
      await this.reader.read(run, signal);
      await this.rebuilds.finish(run);
    } catch (error) {
      if (error instanceof Superseded) return true;
      if (signal.aborted || (error instanceof DomainError && error.kind === 'unavailable')) {
        await this.rebuilds.giveBack(run);
        return false;
      }
      this.logger.error(`the reports of ${run.accountId} were not rebuilt`, (error as Error).stack);
      await this.rebuilds.fail(run, error);
    }
    await this.sweep(run.accountId);
    return true;
  }

  /** What is neither shown nor being built; a bit at a time, for it may be millions of rows. */
  private async sweep(accountId: string): Promise<void> {
    for (const table of ['coupon_fact', 'redemption_fact', 'campaign']) {
      for (let deleted = rowsAtOnce; deleted === rowsAtOnce;) {
        [, deleted] = (await this.dataSource.query(
          `delete from ${table} where ctid = any(array(
             select t.ctid from ${table} t join read_model m using (account_id)
             where t.account_id = $1 and t.generation <> m.live and t.generation is distinct from m.building
             limit ${rowsAtOnce}))`,
          [accountId],
        )) as [unknown, number];
      }
    }
  }
}

import { setTimeout as pauseFor } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { MessagingLogger } from '../logger';
import type { Link } from '../transport';
import { msUntilNextDue, type OutboxPartition } from './outbox-claim';

const workersPerPartition = 2;
const pollMs = { busy: 20, idle: 1_000 };
/**
 * After each pass a worker waits, so that the rows committed meanwhile make one batch, here and at the consumers. It
 * waits as long as the pass took, within these bounds: slow passes mean high load, and larger batches cost less per
 * row.
 */
const batchWindowMs = { min: 4, max: 20, deferred: 250 };
/** Rows committed during a pass wait this long for the pass to end; then the second worker takes them. */
const secondWorkerDelayMs = 10;

/**
 * Relays one partition of the outbox. Commits wake it; a poll that backs off to one cheap query a second finds rows
 * that became due by their time and rows of a process that died. A partition has two workers: the second one starts
 * when the first waits long for confirms or when a full batch shows that more rows are due. It does not start
 * immediately, so that the rows of a short pass make one larger batch. The deferred partition has one worker, which
 * waits 250 ms after a pass.
 */
export class RelayLoop {
  private readonly sleepers = new Set<() => void>();
  private running: Promise<unknown> = Promise.resolve();
  private readonly stopped = new AbortController();
  /** There may be due rows that no worker has queried for yet. */
  private dirty = true;
  private activePasses = 0;
  private secondWorkerTimer?: NodeJS.Timeout;

  constructor(
    private readonly partition: OutboxPartition,
    private readonly dataSource: DataSource,
    private readonly link: Link,
    private readonly logger: MessagingLogger,
    /** Publishes a batch; true when more rows are probably due. */
    private readonly relayBatch: () => Promise<boolean>,
  ) {}

  start(): void {
    this.running = Promise.all(
      Array.from({ length: this.partition.group === 'deferred' ? 1 : workersPerPartition }, (_, worker) =>
        this.run(worker === 0),
      ),
    );
  }

  wake(): void {
    this.dirty = true;
    if (this.activePasses === 0) this.wakeWorker();
    else
      this.secondWorkerTimer ??= setTimeout(() => {
        this.secondWorkerTimer = undefined;
        if (this.dirty) this.wakeWorker();
      }, secondWorkerDelayMs);
  }

  private wakeWorker(): void {
    const [sleeper] = this.sleepers;
    sleeper?.();
  }

  /** Resolves when the passes in progress have ended. */
  async stop(): Promise<void> {
    this.stopped.abort();
    clearTimeout(this.secondWorkerTimer);
    for (const sleeper of this.sleepers) sleeper();
    await this.running;
  }

  private async run(polls: boolean): Promise<void> {
    let pause = pollMs.busy;
    while (!this.stopped.signal.aborted) {
      try {
        if (!this.link.isReady()) {
          await Promise.race([this.link.ready(), this.sleep(pollMs.idle)]);
          continue;
        }
        if (this.dirty) {
          this.dirty = false;
          this.activePasses++;
          const startedAt = performance.now();
          try {
            if (await this.relayBatch()) {
              this.dirty = true;
              this.wakeWorker();
            } else if (!this.stopped.signal.aborted) {
              await this.waitForBatch(performance.now() - startedAt);
            }
          } finally {
            this.activePasses--;
          }
          pause = pollMs.busy;
          continue;
        }
        if (!polls) {
          await this.sleep(Infinity);
          continue;
        }
        if (await this.sleep(pause)) continue;
        const due = await msUntilNextDue(this.dataSource, this.partition);
        if (due <= 0) this.dirty = true;
        else pause = Math.min(pause * 2, pollMs.idle, Math.max(1, due));
      } catch (error) {
        if (this.stopped.signal.aborted) return;
        this.logger.warn(
          `the outbox relay (${this.partition.name}) failed and will try again: ${String(error)}`,
        );
        await this.sleep(pollMs.idle);
        this.dirty = true;
      }
    }
  }

  private async waitForBatch(passMs: number): Promise<void> {
    const { min, max } = batchWindowMs;
    const ms =
      this.partition.group === 'deferred' ? batchWindowMs.deferred : Math.min(Math.max(passMs, min), max);
    await pauseFor(ms, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }

  /** True when woken before `ms` have passed. */
  private sleep(ms: number): Promise<boolean> {
    if (this.stopped.signal.aborted) return Promise.resolve(true);
    return new Promise((resolve) => {
      const wakeUp = (woken: boolean): void => {
        clearTimeout(timer);
        this.sleepers.delete(sleeper);
        resolve(woken);
      };
      const sleeper = (): void => wakeUp(true);
      const timer = ms === Infinity ? undefined : setTimeout(() => wakeUp(false), ms);
      this.sleepers.add(sleeper);
    });
  }
}

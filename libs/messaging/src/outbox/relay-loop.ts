import { setTimeout as pauseFor } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { MessagingLogger } from '../logger';
import type { Link } from '../transport';
import { msUntilNextDue, type OutboxPartition } from './outbox-claim';

const lanes = 2;
const pollMs = { busy: 20, idle: 1_000 };
/**
 * After a pass: what comes in these milliseconds is one batch, here and for everyone it is told to. As long as
 * the pass took, within these bounds: where passes are slow there is much to do, and larger batches cost less.
 */
const batchWindowMs = { least: 4, most: 20, deferred: 250 };
/** How long what came during a pass waits for that pass to end before the other lane takes it. */
const patienceMs = 10;

/**
 * Keeps relaying one share of the outbox: woken when rows were committed, with a poll as backstop (for rows
 * whose time has come, and those of a process that died) that backs off to one cheap query a second. While one
 * lane waits for its publishes to be confirmed for long, or has left some, the other takes what has come
 * meanwhile. Not at once: what gathers during a short pass makes one larger batch of the next. What is for later
 * has one lane, which rests a quarter of a second after each pass.
 */
export class RelayLoop {
  private readonly sleepers = new Set<() => void>();
  private running: Promise<unknown> = Promise.resolve();
  private readonly stopped = new AbortController();
  /** There may be due rows that no lane has looked for yet. */
  private dirty = true;
  private passing = 0;
  private patience?: NodeJS.Timeout;

  constructor(
    private readonly partition: OutboxPartition,
    private readonly dataSource: DataSource,
    private readonly link: Link,
    private readonly logger: MessagingLogger,
    /** Moves a batch; true when there is probably more. */
    private readonly pass: (partition: OutboxPartition) => Promise<boolean>,
  ) {}

  start(): void {
    this.running = Promise.all(
      Array.from({ length: this.partition.part === 'later' ? 1 : lanes }, (_, lane) => this.run(lane === 0)),
    );
  }

  wake(): void {
    this.dirty = true;
    if (this.passing === 0) this.wakeLane();
    else
      this.patience ??= setTimeout(() => {
        this.patience = undefined;
        if (this.dirty) this.wakeLane();
      }, patienceMs);
  }

  private wakeLane(): void {
    const [sleeper] = this.sleepers;
    sleeper?.();
  }

  /** Resolves when the passes under way have ended. */
  async stop(): Promise<void> {
    this.stopped.abort();
    clearTimeout(this.patience);
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
          this.passing++;
          const startedAt = performance.now();
          try {
            if (await this.pass(this.partition)) {
              this.dirty = true;
              this.wakeLane();
            } else if (!this.stopped.signal.aborted) {
              await this.collectBatch(performance.now() - startedAt);
            }
          } finally {
            this.passing--;
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
          `events wait, their relay (${this.partition.name}) will try again: ${String(error)}`,
        );
        await this.sleep(pollMs.idle);
        this.dirty = true;
      }
    }
  }

  private async collectBatch(took: number): Promise<void> {
    const { least, most } = batchWindowMs;
    const ms =
      this.partition.part === 'later' ? batchWindowMs.deferred : Math.min(Math.max(took, least), most);
    await pauseFor(ms, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }

  /** True when woken before the time is over. */
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

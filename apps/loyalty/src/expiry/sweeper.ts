import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { Clock, isDatabaseUnavailable } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import type { LedgerKey } from '../ledger/ledgers';
import { LedgerSettlement } from './ledger-settlement';
import { SweepPace } from './sweep-pace';

const atOnce = 200;
const leastMs = 50;
/** A ledger that cannot be settled must not keep those behind it waiting. */
const rescheduleMs = 3_600_000;

/** Settles what falls due, a few ledgers a transaction, in every process of the service: they pass over each other's. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Sweeper.name);
  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;
  private stopping = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly settlement: LedgerSettlement,
    private readonly clock: Clock,
    private readonly pace: SweepPace,
  ) {}

  onApplicationBootstrap(): void {
    this.wait(leastMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private wait(ms: number): void {
    if (this.stopping) return;
    this.timer = setTimeout(() => {
      this.running = this.sweep()
        .catch((error: unknown) => {
          this.logger.warn(`what is due waits: ${String(error)}`);
          return this.pace.maxMs;
        })
        .then((pause) => this.wait(pause));
    }, ms).unref();
  }

  /** Tells in how many milliseconds it is worth looking again. */
  private async sweep(): Promise<number> {
    while (!this.stopping) {
      const keys = await this.due(this.dataSource.manager, '');
      if (keys.length === 0) break;
      await this.settleSome();
      if (keys.length < atOnce) break;
    }
    const [{ next }] = (await this.dataSource.query(`select min(next_due_at) as next from enrolment`)) as [
      { next: Date | null },
    ];
    const ahead = next ? next.getTime() - this.clock.now().getTime() : Infinity;
    return Math.min(Math.max(ahead, leastMs), this.pace.maxMs);
  }

  private async settleSome(): Promise<void> {
    let claimed: LedgerKey[] = [];
    try {
      await this.outbox.transaction(async (tx) => {
        claimed = await this.due(tx, 'for no key update skip locked');
        await this.settlement.settle(tx, claimed);
      });
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      this.logger.warn(`${claimed.length} ledgers could not be settled together: ${String(error)}`);
      for (const key of claimed) await this.settleOne(key);
    }
  }

  private async settleOne(key: LedgerKey): Promise<void> {
    try {
      await this.outbox.transaction((tx) => this.settlement.settle(tx, [key]));
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      this.logger.error(
        `the ledger of ${key.memberId} on ${key.cardId} was not settled`,
        (error as Error).stack,
      );
      await this.dataSource.query(
        `update enrolment set next_due_at = $3 where card_id = $1 and member_id = $2`,
        [key.cardId, key.memberId, new Date(this.clock.now().getTime() + rescheduleMs)],
      );
    }
  }

  private due(manager: Transaction | DataSource['manager'], lock: string): Promise<LedgerKey[]> {
    return manager.query(
      `select card_id as "cardId", member_id as "memberId" from enrolment
       where next_due_at <= $1 order by next_due_at limit ${atOnce} ${lock}`,
      [this.clock.now()],
    );
  }
}

import { Injectable } from '@nestjs/common';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { Clock, retryOnConflict } from '@tearoff/service-kit';
import type { Ledger } from '../ledger/ledger';
import { Ledgers, type LedgerKey } from '../ledger/ledgers';

/** Enters what has fallen due. */
@Injectable()
export class LedgerSettlement {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly ledgers: Ledgers,
    private readonly clock: Clock,
  ) {}

  /** Ledgers as they stand at this moment, whether anyone has swept them or not. */
  async current(keys: readonly LedgerKey[]): Promise<Map<string, Ledger>> {
    const ledgers = await this.ledgers.open(this.dataSource.manager, keys, false);
    const now = this.clock.now();
    const late = [...ledgers.values()].filter(({ nextDueAt }) => nextDueAt && nextDueAt <= now);
    if (late.length === 0) {
      // In memory only: nothing is entered, but what has become spendable counts.
      for (const ledger of ledgers.values()) ledger.settle(now);
      return ledgers;
    }
    await retryOnConflict(() =>
      this.outbox.transaction((tx) =>
        this.settle(
          tx,
          late.map(({ state }) => state),
        ),
      ),
    );
    return this.current(keys);
  }

  async settle(tx: Transaction, keys: readonly LedgerKey[]): Promise<void> {
    const ledgers = await this.ledgers.open(tx, keys, true);
    const now = this.clock.now();
    for (const ledger of ledgers.values()) ledger.settle(now);
    await this.ledgers.close(tx, ledgers.values());
  }
}

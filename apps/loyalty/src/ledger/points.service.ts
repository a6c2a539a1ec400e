import { Injectable } from '@nestjs/common';
import {
  type ChangePoints,
  type DomainError,
  type LedgerEntry,
  type MessageContext,
  type PointsOutcome,
  type RequestOf,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { Clock, retryOnConflict } from '@tearoff/service-kit';
import type { Ledger, Cause } from './ledger';
import { Ledgers, keyOf, referenceKey } from './ledgers';
import { entryOf } from './entry.entity';
import { refused, type PointsOrder } from './points-order';
import { PointsResolver } from './points-resolver';

type Results = (PointsOutcome | DomainError)[];

@Injectable()
export class PointsService {
  constructor(
    private readonly outbox: Outbox,
    private readonly resolver: PointsResolver,
    private readonly ledgers: Ledgers,
    private readonly clock: Clock,
  ) {}

  /** A batch is one transaction, whose requests are applied in their order. */
  change(
    requests: readonly RequestOf<typeof ChangePoints>[],
    contexts: readonly MessageContext[],
  ): Promise<Results> {
    return retryOnConflict(() =>
      this.outbox.transaction(async (tx) => {
        const { orders, results } = await this.resolver.resolve(tx, requests, contexts);
        await this.enter(tx, orders, results);
        return results;
      }),
    );
  }

  private async enter(tx: Transaction, orders: readonly PointsOrder[], results: Results): Promise<void> {
    const ledgers = await this.ledgers.open(tx, orders, true);
    // After the lock, so that anyone who entered a reference before has committed.
    const entered = await this.enteredBefore(tx, orders);
    const now = this.clock.now();
    const causes = new Map<string, MessageContext | null>();
    for (const ledger of ledgers.values()) ledger.settle(now);
    for (const order of orders) {
      const ledger = ledgers.get(keyOf(order))!;
      const known = ledger.entries.length;
      results[order.pos] = apply(ledger, order, entered);
      for (const entry of ledger.entries.slice(known)) causes.set(entry.id, order.context);
    }
    await this.ledgers.close(tx, ledgers.values(), causes);
  }

  private async enteredBefore(
    tx: Transaction,
    orders: readonly PointsOrder[],
  ): Promise<Map<string, LedgerEntry>> {
    const referred = orders.flatMap(({ cardId, memberId, request: { reference } }) =>
      reference === undefined ? [] : { cardId, memberId, reference },
    );
    const rows = await this.ledgers.entered(tx, referred, { ofCaller: true });
    return new Map([...rows].map(([key, row]) => [key, entryOf(row)]));
  }
}

function apply(ledger: Ledger, order: PointsOrder, entered: Map<string, LedgerEntry>): PointsOutcome {
  const { amount, reference = null, reason = null, storeId = null, by } = order.request;
  const earlier = reference === null ? undefined : entered.get(referenceKey({ ...order, reference }));
  if (earlier)
    return { outcome: 'repeated', entry: earlier, balance: ledger.spendable, pending: ledger.pending };
  if (!ledger.card.active) return refused('card.not_active');
  const cause: Cause = { reference, ofCaller: true, reason, storeId, by };
  const made = amount > 0 ? ledger.award(amount, cause) : ledger.spend(-amount, cause);
  if (!made) return { ...refused('points.insufficient'), balance: ledger.spendable };
  const { seq: _seq, ofCaller: _caller, ...entry } = made;
  if (reference !== null) entered.set(referenceKey({ ...order, reference }), entry);
  return { outcome: 'entered', entry, balance: ledger.spendable, pending: ledger.pending };
}

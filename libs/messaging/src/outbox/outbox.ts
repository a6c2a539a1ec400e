import {
  maxItemsPerEvent,
  newId,
  type EventDefinition,
  type ItemOf,
  type MessageContext,
} from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import { broadcastQueue } from './deferred';
import { namedQuery } from './named-query';
import { markOutboxTouched, runInTransaction, type Transaction } from './transaction';

export interface AddOptions {
  /** Index-aligned with the items: the request that caused each. */
  contexts?: readonly (MessageContext | null)[];
  /** Not before this instant; at once by default. */
  availableAt?: Date;
  /** To this work queue alone (`notification.sms`), in place of everyone who listens. */
  queue?: string;
  /** 500 by default, and at most. */
  itemsPerEvent?: number;
}

/** One row to be written; `data` is `{"items": […], "contexts": […]}` as text. */
export interface OutboxRow {
  id: string;
  type: string;
  data: string;
  account: string | null;
  queue: string | null;
  attempt: number;
  availableAt: Date | null;
}

/** Events that are told because, and only if, the transaction that adds them commits. */
export class Outbox {
  private wakeListener: (queues: Iterable<string | null>) => void = () => undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** The relay registers itself here. */
  onWake(listener: (queues: Iterable<string | null>) => void): void {
    this.wakeListener = listener;
  }

  /** A READ COMMITTED transaction on this service's database; the relay is woken once it has committed. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return runInTransaction(this.dataSource, work, (queues) => {
      if (queues) this.wakeListener(queues);
    });
  }

  /** Adds one event of these items; more than `itemsPerEvent` become several events. */
  async add<E extends EventDefinition>(
    tx: Transaction,
    event: E,
    items: readonly ItemOf<E>[],
    options: AddOptions = {},
  ): Promise<void> {
    const rows: OutboxRow[] = [];
    const most = Math.min(options.itemsPerEvent ?? maxItemsPerEvent, maxItemsPerEvent);
    for (let from = 0; from < items.length; from += most) {
      const part = items.slice(from, from + most);
      const contexts = options.contexts?.slice(from, from + most);
      rows.push({
        id: newId('event'),
        type: event.type,
        data: JSON.stringify({ items: part, ...(contexts?.some(Boolean) && { contexts }) }),
        account: accountOf(part),
        queue: options.queue ?? broadcastQueue(event.type),
        attempt: 1,
        availableAt: options.availableAt ?? null,
      });
    }
    await insertOutboxRows(tx, rows);
  }

  /** Tells the relay that a statement of the caller's own has put rows (`everyone(event.type)`) here and committed. */
  wake(event?: EventDefinition): void {
    this.wakeListener([event ? broadcastQueue(event.type) : null]);
  }
}

/** The account, when all items are of one. */
function accountOf(items: readonly unknown[]): string | null {
  const account = (items[0] as { accountId?: unknown } | undefined)?.accountId;
  if (typeof account !== 'string') return null;
  return items.every((item) => (item as { accountId?: unknown }).accountId === account) ? account : null;
}

export async function insertOutboxRows(tx: Transaction, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  markOutboxTouched(
    tx,
    rows.map((row) => row.queue),
  );
  await namedQuery(
    tx,
    'outbox-insert',
    `insert into outbox (id, type, data, account, queue, attempt, available_at)
     select id, type, data::json, account, queue, attempt, coalesce(available_at, now())
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::timestamptz[])
       as row (id, type, data, account, queue, attempt, available_at)`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.type),
      rows.map((row) => row.data),
      rows.map((row) => row.account),
      rows.map((row) => row.queue),
      rows.map((row) => row.attempt),
      rows.map((row) => row.availableAt),
    ],
  );
}

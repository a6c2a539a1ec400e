import {
  maxItemsPerEvent,
  newId,
  type EventDefinition,
  type ItemOf,
  type MessageContext,
} from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import { broadcastQueue } from './broadcast-queue';
import { markOutboxTouched, namedQuery, runInTransaction, type Transaction } from './transaction';

export interface AddOptions {
  /** Index-aligned with the items: the request that caused each. */
  contexts?: readonly (MessageContext | null)[];
  /** The event is not published before this instant; default: immediately after the commit. */
  availableAt?: Date;
  /** Publish to this work queue only (`notification.sms`); default: all queues bound to the event's type. */
  queue?: string;
  /** Default and maximum: 500. */
  itemsPerEvent?: number;
}

/** One row to insert; `data` is `{"items": […], "contexts": […]}` as text. */
export interface OutboxRow {
  id: string;
  type: string;
  data: string;
  account: string | null;
  queue: string | null;
  attempt: number;
  availableAt: Date | null;
}

/** Transactional outbox: an event is published if and only if the transaction that adds it commits. */
export class Outbox {
  private wakeRelay: (queues: Iterable<string | null>) => void = () => undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** The relay registers here; `listener` is called after each commit that added rows. */
  onWake(listener: (queues: Iterable<string | null>) => void): void {
    this.wakeRelay = listener;
  }

  /** A READ COMMITTED transaction on this service's database; the relay is woken once it has committed. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return runInTransaction(this.dataSource, work, (queues) => {
      if (queues) this.wakeRelay(queues);
    });
  }

  /** Adds one event with these items; more than `itemsPerEvent` items become several events. */
  async add<E extends EventDefinition>(
    tx: Transaction,
    event: E,
    items: readonly ItemOf<E>[],
    options: AddOptions = {},
  ): Promise<void> {
    const rows: OutboxRow[] = [];
    const maxItems = Math.min(options.itemsPerEvent ?? maxItemsPerEvent, maxItemsPerEvent);
    for (let from = 0; from < items.length; from += maxItems) {
      const part = items.slice(from, from + maxItems);
      const contexts = options.contexts?.slice(from, from + maxItems);
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

  /** Wakes the relay after the caller's own SQL has inserted rows (with `broadcastQueue(event.type)`) and committed. */
  wake(event?: EventDefinition): void {
    this.wakeRelay([event ? broadcastQueue(event.type) : null]);
  }
}

/** The account that all items belong to, or null when they belong to several. */
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

import { markDriverError } from '@tearoff/contracts';
import type { PoolClient, QueryResultRow } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';

declare const inTransaction: unique symbol;

/**
 * An entity manager inside a transaction. Only `Outbox.transaction` and an event's context provide one, so an event
 * cannot be added outside the transaction of the change that it reports.
 */
export type Transaction = EntityManager & { readonly [inTransaction]: true };

/** The queues (null = all bound to the event's type) that a transaction has added outbox rows for. */
const touched = new WeakMap<object, Set<string | null>>();

export function markOutboxTouched(tx: Transaction, queues: Iterable<string | null>): void {
  const runner = tx.queryRunner!;
  const marked = touched.get(runner) ?? new Set();
  for (const queue of queues) marked.add(queue);
  touched.set(runner, marked);
}

/**
 * Runs `work` in a transaction at the connection's default isolation, READ COMMITTED (naming it would cost one more
 * round trip). `afterCommit` receives the queues that outbox rows were added for, if any.
 */
export async function runInTransaction<T>(
  dataSource: DataSource,
  work: (tx: Transaction) => Promise<T>,
  afterCommit: (queues: ReadonlySet<string | null> | undefined) => void,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.connect().catch((error: unknown) => {
      throw markDriverError(error);
    });
    await runner.startTransaction();
    let result: T;
    try {
      result = await work(runner.manager as Transaction);
      await runner.commitTransaction();
    } catch (error) {
      // Keep the first error: a lost connection cannot roll back, and the server rolls back by itself.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    }
    afterCommit(touched.get(runner));
    return result;
  } finally {
    await runner.release();
  }
}

/**
 * Runs a prepared statement in the transaction: parsed and planned once per connection, because it runs for every
 * message.
 */
export async function namedQuery<Row extends QueryResultRow>(
  tx: Transaction,
  name: string,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const client = (await tx.queryRunner!.connect()) as PoolClient;
  try {
    return (await client.query<Row>({ name, text, values })).rows;
  } catch (error) {
    throw markDriverError(error);
  }
}

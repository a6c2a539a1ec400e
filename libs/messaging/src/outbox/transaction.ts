import { markDriverError } from '@tearoff/contracts';
import type { DataSource, EntityManager } from 'typeorm';

declare const inTransaction: unique symbol;

/**
 * An entity manager inside a transaction. Only `Outbox.transaction` and an event's context make one, so an
 * event cannot be added outside the transaction of the change that it tells of.
 */
export type Transaction = EntityManager & { readonly [inTransaction]: true };

/** The queues (null = everyone) that a transaction has added outbox rows for. */
const touched = new WeakMap<object, Set<string | null>>();

export function markOutboxTouched(tx: Transaction, queues: Iterable<string | null>): void {
  const runner = tx.queryRunner!;
  const marked = touched.get(runner) ?? new Set();
  for (const queue of queues) marked.add(queue);
  touched.set(runner, marked);
}

/**
 * Runs `work` in a transaction at the connection's own isolation, READ COMMITTED (saying it again would be one
 * more round trip each); `afterCommit` is told for which queues outbox rows were added, if any.
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
      // The first error is the one that tells; a connection that is gone cannot roll back, nor need it.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    }
    afterCommit(touched.get(runner));
    return result;
  } finally {
    await runner.release();
  }
}

import type { DataSource, EntityManager } from 'typeorm';

declare const inTransaction: unique symbol;

/**
 * An entity manager inside a transaction. Only `Outbox.transaction` and an event's context make one, so an
 * event cannot be added outside the transaction of the change that it tells of.
 */
export type Transaction = EntityManager & { readonly [inTransaction]: true };

const touched = new WeakSet<object>();

export const markOutboxTouched = (tx: Transaction): void => void touched.add(tx.queryRunner!);

/** Runs `work` in a READ COMMITTED transaction; `afterCommit` is told whether outbox rows were added. */
export async function runInTransaction<T>(
  dataSource: DataSource,
  work: (tx: Transaction) => Promise<T>,
  afterCommit: (outboxTouched: boolean) => void,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.connect();
    await runner.startTransaction('READ COMMITTED');
    let result: T;
    try {
      result = await work(runner.manager as Transaction);
      await runner.commitTransaction();
    } catch (error) {
      // The first error is the one that tells; a connection that is gone cannot roll back, nor need it.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    }
    afterCommit(touched.delete(runner));
    return result;
  } finally {
    await runner.release();
  }
}

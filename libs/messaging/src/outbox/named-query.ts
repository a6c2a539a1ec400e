import type { PoolClient, QueryResultRow } from 'pg';
import { markDriverError } from '@tearoff/contracts';
import type { Transaction } from './transaction';

/** A statement of a transaction that is parsed and planned once a connection: these run for every message. */
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

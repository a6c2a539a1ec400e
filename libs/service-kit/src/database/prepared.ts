import type { Pool, PoolClient, QueryConfig, QueryResultRow } from 'pg';
import { isDatabaseUnavailable, markDriverError } from '@tearoff/contracts';
import { EntityManager, type DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { sharedJson } from './shared-json';

/** `name` is unique in the service and at most 63 characters; another text under the same name is an error. */
export interface PreparedStatement {
  name: string;
  text: string;
  /** Equal JSON in several rows is read once, and is one object: not to be written to. */
  sharesJson?: boolean;
}

/**
 * Runs a named prepared statement and returns its rows as `pg` reads them: parsed and planned once a
 * connection, for the statements that must be fast. On a DataSource it is a transaction of its own; on the
 * EntityManager of a transaction it is part of that. Errors are the driver's (see isUniqueViolation).
 */
export async function prepared<Row extends QueryResultRow = QueryResultRow>(
  target: DataSource | EntityManager,
  statement: PreparedStatement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { name, text, sharesJson } = statement;
  const query = { name, text, values: values as unknown[], ...(sharesJson && { types: sharedJson() }) };
  if (target instanceof EntityManager) {
    if (!target.queryRunner) return prepared(target.dataSource, statement, values);
    const client = (await target.queryRunner.connect()) as PoolClient;
    return await rowsOf<Row>(client, query);
  }
  const pool = poolOf(target);
  if (!pool) throw new Error('Driver not Connected');
  // Not `pool.query`: that one closes the connection, and with it every prepared statement, on any error.
  const client = await pool.connect().catch(rethrowMarked);
  // A connection that breaks under a query also raises this, and no one listening would end the process.
  client.on('error', ignore);
  let broken = false;
  try {
    return await rowsOf<Row>(client, query);
  } catch (error) {
    broken = isDatabaseUnavailable(error);
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

async function rowsOf<Row extends QueryResultRow>(client: PoolClient, query: QueryConfig): Promise<Row[]> {
  return (await client.query<Row>(query).catch(rethrowMarked)).rows;
}

const rethrowMarked = (error: unknown): never => {
  throw markDriverError(error);
};

const ignore = (): void => undefined;

/** TypeORM's own pool; undefined once the DataSource is destroyed. */
export function poolOf(dataSource: DataSource): Pool | undefined {
  return (dataSource.driver as PostgresDriver).master as Pool | undefined;
}

import { randomUUID } from 'node:crypto';
import { isDatabaseUnavailable, markDriverError } from '@tearoff/contracts';
import type { Pool, QueryResult, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import type { QueueGroup } from '../transport';
import type { DueRow } from './outbound-messages';
import { batchedTypes, deferredQueue } from './broadcast-queue';

/** The rows that one relay loop takes. `where` is appended to its query; its values begin at $2. */
export interface OutboxPartition {
  name: string;
  where: string;
  values: readonly unknown[];
  /** Rows per claim at most. */
  limit: number;
  /**
   * Set where an event is published to the immediate and to the deferred queues separately. After the first publish
   * the row's `queue` is changed to the deferred queue; this update does not rewrite `data` when it is stored out of
   * line.
   */
  group?: QueueGroup;
}

/**
 * Due rows, leased to one relay pass until the lease ends; no transaction stays open. Each row leaves the claim by
 * `confirm`, `release` or `reschedule`. The rows of a process that died are due again when their lease has expired.
 */
export class Claim {
  /** Unique per claim: a claim whose lease expired cannot change a row that another claim has taken. */
  private readonly holder: string;
  private readonly held: Set<string>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly partition: OutboxPartition,
    readonly rows: readonly DueRow[],
    holder: string,
  ) {
    this.holder = holder;
    this.held = new Set(rows.map(({ seq }) => seq));
  }

  /** These rows were published: deletes them, except those that are still due to the deferred queues. */
  async confirm(rows: readonly DueRow[]): Promise<void> {
    const isDeferred = (row: DueRow): boolean =>
      this.partition.group === 'immediate' && row.queue === null && batchedTypes.includes(row.type);
    const deferred = rows.filter(isDeferred);
    if (deferred.length > 0)
      await this.change(
        'relay-defer',
        deferred,
        `update outbox set queue = '${deferredQueue}', locked_by = null, locked_until = null where ${heldByClaim} and ${commitsAsync}`,
      );
    const done = rows.filter((row) => !isDeferred(row));
    if (done.length > 0)
      await this.change('relay-delete', done, `delete from outbox where ${heldByClaim} and ${commitsAsync}`);
  }

  /** Ends the lease of these rows: they are due again. */
  release(rows: readonly DueRow[]): Promise<void> {
    return this.change(
      'relay-release',
      rows,
      `update outbox set locked_by = null, locked_until = null where ${heldByClaim}`,
    );
  }

  /** Ends the lease of these rows and makes them due later: in half their age, 0.25 s to 30 s. */
  reschedule(rows: readonly DueRow[]): Promise<void> {
    return this.change(
      'relay-reschedule',
      rows,
      `update outbox set locked_by = null, locked_until = null, available_at = now() + least(interval '30 seconds',
         greatest(interval '250 milliseconds', (now() - created_at) / 2)) where ${heldByClaim}`,
    );
  }

  /** Extends the lease of the remaining rows to `leaseMs` from now. */
  async renew(leaseMs: number): Promise<void> {
    await query(this.dataSource, {
      name: 'relay-renew',
      text: `update outbox set locked_until = now() + $3 * interval '1 millisecond' where ${heldByClaim} and ${commitsAsync}`,
      values: [[...this.held], this.holder, leaseMs],
    });
  }

  private async change(name: string, rows: readonly DueRow[], text: string): Promise<void> {
    const seqs = rows.map(({ seq }) => seq);
    for (const seq of seqs) this.held.delete(seq);
    await query(this.dataSource, { name, text, values: [seqs, this.holder] });
  }
}

const heldByClaim = 'seq = any($1::bigint[]) and locked_by = $2';

/**
 * A condition that is always true and sets `synchronous_commit = off` for the statement's own transaction. If a crash
 * of the server loses a lease or a deletion, the rows are published again, and the consumers' inbox drops the
 * duplicates.
 */
const commitsAsync = `(select set_config('synchronous_commit', 'off', true)) = 'off'`;

const columns = 'seq, id, type, data::text as data, account, queue, attempt, created_at';

/**
 * Claims due rows in about the order in which they were written; null when none is due. SKIP LOCKED lets several
 * relays claim at the same time. It uses the driver's connections directly, so that a pass is two round trips with
 * statements that are planned once. The lease's columns are in no index and the table's pages have free space, so
 * that a claim writes no index entries (a HOT update).
 */
export async function claimDue(
  dataSource: DataSource,
  partition: OutboxPartition,
  leaseMs: number,
): Promise<Claim | null> {
  const holder = randomUUID();
  const [by, ms] = [`$${partition.values.length + 2}`, `$${partition.values.length + 3}`];
  const { rows } = await query<DueRow>(dataSource, {
    name: `relay-claim ${partition.name}`,
    text: `
      update outbox set locked_by = ${by}, locked_until = now() + ${ms} * interval '1 millisecond'
      where seq = any(array(
          select seq from outbox
          where available_at <= now() and (locked_until is null or locked_until <= now()) ${partition.where}
          order by available_at, seq limit $1 for update skip locked))
        and ${commitsAsync}
      returning ${columns}`,
    values: [partition.limit, ...partition.values, holder, leaseMs],
  });
  if (rows.length === 0) return null;
  rows.sort((a, b) => Number(a.seq) - Number(b.seq));
  return new Claim(dataSource, partition, rows, holder);
}

/**
 * Milliseconds until the partition's next row is due or its lease expires: 0 or less when one is due now, Infinity
 * when there are no rows. It reads leases only when every due row is leased, because those are few.
 */
export async function msUntilNextDue(dataSource: DataSource, partition: OutboxPartition): Promise<number> {
  const [row] = (await dataSource.query(
    `select extract(epoch from case when free <= now() then free else least(free, (
         select min(locked_until) from outbox
         where available_at <= now() and locked_until is not null ${partition.where})) end - now()) * 1000 as ms
     from (select (
       select min(available_at) from outbox
       where $1::int is not null and locked_until is null ${partition.where}) as free) as next`,
    [0, ...partition.values],
  )) as { ms: string | null }[];
  return row?.ms == null ? Infinity : Number(row.ms);
}

interface NamedStatement {
  name: string;
  text: string;
  values: unknown[];
}

/** `pool.query` is not used, because on any error it closes the connection and loses the prepared statements. */
async function query<Row extends QueryResultRow>(
  dataSource: DataSource,
  statement: NamedStatement,
): Promise<QueryResult<Row>> {
  let broken = false;
  try {
    const client = await poolOf(dataSource).connect();
    // A broken connection also emits 'error', which ends the process when no listener is attached.
    client.on('error', ignore);
    try {
      return await client.query<Row>(statement);
    } catch (error) {
      broken = isDatabaseUnavailable(markDriverError(error));
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  } catch (error) {
    throw markDriverError(error);
  }
}

const ignore = (): void => undefined;

/** The driver's own pool of connections. */
const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as PostgresDriver).master as Pool;

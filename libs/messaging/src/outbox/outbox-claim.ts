import { randomUUID } from 'node:crypto';
import { isDatabaseAway, markDriverError } from '@tearoff/contracts';
import type { Pool, QueryResult, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import type { Part } from '../transport';
import type { DueRow } from './envelope-text';
import { batchedTypes, deferred } from './deferred';

/** Which rows a relay's loop takes. `where` is appended to its conditions; its values begin at $2. */
export interface OutboxPartition {
  name: string;
  where: string;
  values: readonly unknown[];
  /** At most so many rows at once. */
  limit: number;
  /**
   * Where everyone who listens is told in two parts. What was told `now` and is awaited by queues that let it gather
   * stays for `later`: its row's head is written anew then, what it tells stays where it is.
   */
  part?: Part;
}

/**
 * Due rows that no one else takes until the lease ends: no transaction is open meanwhile. A row is let go of by what
 * became of it; those of a process that died are due again when their lease has expired.
 */
export class Claim {
  /** Alone names the lease, so that a claim which has lost a row to another changes nothing of it. */
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

  /** They have been told, and go; those that some are told of later stay for that. */
  async confirm(rows: readonly DueRow[]): Promise<void> {
    const stays = (row: DueRow): boolean =>
      this.partition.part === 'now' && row.queue === null && batchedTypes.includes(row.type);
    const left = rows.filter(stays);
    if (left.length > 0)
      await this.change(
        'relay-leave',
        left,
        `update outbox set queue = '${deferred}', locked_by = null, locked_until = null where ${mine} and ${unflushed}`,
      );
    const gone = rows.filter((row) => !stays(row));
    if (gone.length > 0)
      await this.change('relay-delete', gone, `delete from outbox where ${mine} and ${unflushed}`);
  }

  /** Nothing was claimed after all. */
  release(rows: readonly DueRow[]): Promise<void> {
    return this.change(
      'relay-release',
      rows,
      `update outbox set locked_by = null, locked_until = null where ${mine}`,
    );
  }

  /** Nothing was claimed after all, and these rows wait a little, longer as they grow older. */
  reschedule(rows: readonly DueRow[]): Promise<void> {
    return this.change(
      'relay-put-off',
      rows,
      `update outbox set locked_by = null, locked_until = null, available_at = now() + least(interval '30 seconds',
         greatest(interval '250 milliseconds', (now() - created_at) / 2)) where ${mine}`,
    );
  }

  /** Holds what is left of it for another `leaseMs`. */
  async renew(leaseMs: number): Promise<void> {
    await query(this.dataSource, {
      name: 'relay-renew',
      text: `update outbox set locked_until = now() + $3 * interval '1 millisecond' where ${mine} and ${unflushed}`,
      values: [[...this.held], this.holder, leaseMs],
    });
  }

  private async change(name: string, rows: readonly DueRow[], text: string): Promise<void> {
    const seqs = rows.map(({ seq }) => seq);
    for (const seq of seqs) this.held.delete(seq);
    await query(this.dataSource, { name, text, values: [seqs, this.holder] });
  }
}

const mine = 'seq = any($1::bigint[]) and locked_by = $2';

/**
 * True, and has the statement's commit not wait for the disk (in its own transaction only). Were a lease or a deletion
 * lost in a crash of the server, its rows would be told once more, which consumers notice.
 */
const unflushed = `(select set_config('synchronous_commit', 'off', true)) = 'off'`;

const columns = 'seq, id, type, data::text as data, account, queue, attempt, created_at';

/**
 * Claims due rows in about the order in which they were written; several claimers share the work through SKIP LOCKED.
 * Null when nothing is due. On the driver's own connections: a relay's pass is two round trips, each a statement that
 * is planned once. The lease's columns are in no index and the table leaves room in its pages, so that a claim writes
 * no index entries (a HOT update).
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
        and ${unflushed}
      returning ${columns}`,
    values: [partition.limit, ...partition.values, holder, leaseMs],
  });
  if (rows.length === 0) return null;
  rows.sort((a, b) => Number(a.seq) - Number(b.seq));
  return new Claim(dataSource, partition, rows, holder);
}

/**
 * Milliseconds until the share's next row is due, or its lease over: not above 0 when one is, Infinity when there is
 * none. Leases are looked at only when all that is due is leased, so they are few.
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

/** Not `pool.query`: that one closes the connection, and with it every prepared statement, on any error. */
async function query<Row extends QueryResultRow>(
  dataSource: DataSource,
  statement: NamedStatement,
): Promise<QueryResult<Row>> {
  let broken = false;
  try {
    const client = await poolOf(dataSource).connect();
    // A connection that breaks also says so by an event, which would end the process if nothing listened to it.
    client.on('error', ignore);
    try {
      return await client.query<Row>(statement);
    } catch (error) {
      broken = isDatabaseAway(markDriverError(error));
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

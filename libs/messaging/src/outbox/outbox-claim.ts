import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import type { Part } from '../transport';
import type { DueRow } from './envelope-text';
import { gathering, later } from './later';

/** Which rows a relay's loop takes. `where` is appended to its conditions; its values begin at $2. */
export interface Share {
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

/** Due rows, deleted (or left for later) by a transaction that is still open: end it with one of the three. */
export interface Claim {
  rows: DueRow[];
  commit(): Promise<void>;
  /** Nothing was claimed after all. */
  giveBack(): Promise<void>;
  /** Nothing was claimed after all, and these rows wait a little, longer as they grow older. */
  putOff(rows: readonly DueRow[]): Promise<void>;
}

/**
 * Claims due rows in about the order in which they were written; several claimers share the work through SKIP
 * LOCKED. Null when nothing is due. On the driver's own connections: a relay's pass is then three round trips, with
 * a statement that is planned once.
 */
export async function claimDue(dataSource: DataSource, share: Share): Promise<Claim | null> {
  const client = await poolOf(dataSource).connect();
  // A connection that breaks also says so by an event, which nobody listening to would end the process.
  client.on('error', ignore);
  const end = async (work: () => Promise<void>): Promise<void> => {
    let failed = true;
    try {
      await work();
      failed = false;
    } finally {
      client.off('error', ignore);
      client.release(failed);
    }
  };
  try {
    await client.query('begin');
    const { rows } = await client.query<DueRow>({
      name: `relay-claim ${share.name}`,
      text:
        share.part === 'now' ? claimAndLeave(share) : `delete ${claimed(share)} returning ${columns}, queue`,
      values: [share.limit, ...share.values, ...(share.part === 'now' ? [gathering] : [])],
    });
    if (rows.length === 0) {
      await end(async () => void (await client.query('commit')));
      return null;
    }
    rows.sort((a, b) => Number(a.seq) - Number(b.seq));
    return {
      rows,
      commit: () => end(async () => void (await client.query('commit'))),
      giveBack: () => end(async () => void (await client.query('rollback'))),
      putOff: (late) => end(() => putOff(client, late)),
    };
  } catch (error) {
    await end(() => Promise.reject(error as Error)).catch(ignore);
    throw error;
  }
}

const columns = 'seq, id, type, data::text as data, account, attempt, created_at';

const due = (share: Share): string => `
  select seq from outbox where available_at <= now() ${share.where}
  order by available_at, seq limit $1 for update skip locked`;

const claimed = (share: Share): string => `from outbox where seq = any(array(${due(share)}))`;

const claimAndLeave = (share: Share): string => {
  const isLater = `queue is null and type = any($${share.values.length + 2}::text[])`;
  return `with due as materialized (${due(share)}), held as materialized (select array_agg(seq) as seqs from due),
    left_there as (
      update outbox set queue = '${later}'
      where seq = any((select seqs from held)::bigint[]) and ${isLater}
      returning ${columns}, null as queue),
    gone as (
      delete from outbox where seq = any((select seqs from held)::bigint[]) and not (${isLater})
      returning ${columns}, queue)
    select * from left_there union all select * from gone`;
};

/** Milliseconds until the share's next row is due: not above 0 when one is, Infinity when there is none. */
export async function msUntilNextDue(dataSource: DataSource, share: Share): Promise<number> {
  const [row] = (await dataSource.query(
    `select extract(epoch from min(available_at) - now()) * 1000 as ms
     from outbox where $1::int is not null ${share.where}`,
    [0, ...share.values],
  )) as { ms: string | null }[];
  return row?.ms == null ? Infinity : Number(row.ms);
}

async function putOff(client: PoolClient, rows: readonly DueRow[]): Promise<void> {
  await client.query('rollback');
  await client.query(
    `update outbox set available_at = now() + least(interval '30 seconds',
       greatest(interval '250 milliseconds', (now() - created_at) / 2)) where seq = any($1::bigint[])`,
    [rows.map((row) => row.seq)],
  );
}

const ignore = (): void => undefined;

/** The driver's own pool of connections. */
export const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as PostgresDriver).master as Pool;

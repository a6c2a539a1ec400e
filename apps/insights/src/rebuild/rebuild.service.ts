import { Injectable } from '@nestjs/common';
import type { Rebuild } from '@tearoff/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { oneWriter } from './generations';
import { ReadModelEntity } from './read-model.entity';

export const figures = ['campaigns', 'coupons', 'redemptions', 'deliveries'] as const;
export type Figure = (typeof figures)[number];

/** One run of a rebuild: anyone who holds it fills this generation. */
export interface Run {
  accountId: string;
  generation: number;
}

/** Another process has taken the rebuild over, or it was asked for anew. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** Who has not been heard of for so long is taken for dead; a page takes a fraction of a second. */
const deadAfter = `interval '60 seconds'`;

/** The state of each account's rebuild, and the changes from one state to the next. */
@Injectable()
export class RebuildService {
  constructor(private readonly dataSource: DataSource) {}

  /** One that waits or runs already is the answer. */
  async request(accountId: string): Promise<Rebuild> {
    await this.dataSource.query(
      `insert into read_model (account_id, state, requested_at) values ($1, 'waiting', now())
       on conflict (account_id) do update set state = 'waiting', requested_at = now(), started_at = null,
         finished_at = null, error = null, campaigns = 0, coupons = 0, redemptions = 0, deliveries = 0
       where read_model.state not in ('waiting', 'running')`,
      [accountId],
    );
    return this.get(accountId);
  }

  async get(accountId: string): Promise<Rebuild> {
    const row = await this.dataSource.getRepository(ReadModelEntity).findOneBy({ accountId });
    return viewOf(row);
  }

  /** The next that waits, or whose process has died: from now on news goes to its new generation as well. */
  begin(): Promise<Run | null> {
    return this.dataSource.transaction(async (tx) => {
      await oneWriter(tx);
      const [rows] = (await tx.query(
        `update read_model set state = 'running', started_at = now(), beat_at = now(), campaigns = 0, coupons = 0,
           redemptions = 0, deliveries = 0, building = greatest(live, coalesce(building, 0)) + 1
         where account_id = (select account_id from read_model
           where state = 'waiting' or (state = 'running' and beat_at < now() - ${deadAfter})
           order by requested_at limit 1)
         returning account_id as "accountId", building as generation`,
      )) as [Run[], number];
      return rows[0] ?? null;
    });
  }

  /** Work on the run's own generation, counted; nothing of it stays when the run is no longer this one. */
  write(run: Run, figure: Figure, count: number, work: (tx: EntityManager) => Promise<void>): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      await oneWriter(tx);
      await this.change(tx, run, `beat_at = now(), ${figure} = ${figure} + $3`, [count]);
      await work(tx);
    });
  }

  /** What was filled is shown from this moment on. */
  finish(run: Run): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      await oneWriter(tx);
      await this.change(tx, run, `live = building, building = null, state = 'done', finished_at = now()`);
    });
  }

  /** Left for later, from its beginning: by this process or another. */
  giveBack(run: Run): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      await oneWriter(tx);
      await this.change(tx, run, `state = 'waiting', building = null`);
    });
  }

  /** Nothing more is written beside what is shown. */
  fail(run: Run, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    return this.dataSource.transaction(async (tx) => {
      await oneWriter(tx);
      await this.change(tx, run, `building = null, state = 'failed', finished_at = now(), error = $3`, [
        reason,
      ]);
    });
  }

  private async change(tx: EntityManager, run: Run, sets: string, values: unknown[] = []): Promise<void> {
    const [, changed] = (await tx.query(
      `update read_model set ${sets} where account_id = $1 and building = $2 and state = 'running'`,
      [run.accountId, run.generation, ...values],
    )) as [unknown, number];
    if (changed === 0) throw new Superseded(`generation ${run.generation} is no longer being built`);
  }
}

const never: Rebuild = {
  state: 'never',
  requestedAt: null,
  startedAt: null,
  finishedAt: null,
  campaigns: 0,
  coupons: 0,
  redemptions: 0,
  deliveries: 0,
  error: null,
};

function viewOf(row: ReadModelEntity | null): Rebuild {
  if (!row) return never;
  return {
    state: row.state as Rebuild['state'],
    requestedAt: row.requestedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    campaigns: row.campaigns,
    coupons: row.coupons,
    redemptions: row.redemptions,
    deliveries: row.deliveries,
    error: row.error,
  };
}

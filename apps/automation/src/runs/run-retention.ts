import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { newId } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { onceForGood } from '../times/period';

const everyMs = 10 * 60_000;
const runsAtOnce = 1_000;

/**
 * Deletes runs and their steps so many days after they ended or, of those that failed, came to rest; the keys that
 * count once for good stay with their workflow. Any number of instances may do so at once.
 */
export class RunRetention implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly days: number,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.sweep().catch(() => undefined), everyMs).unref();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  /** What another instance has in hand is left to it. A failure is no harm: the next round comes. */
  async sweep(now = Date.now()): Promise<void> {
    const until = now - this.days * 86_400_000;
    for (let swept = runsAtOnce; swept === runsAtOnce && !this.stopped;) swept = await this.deleteSome(until);
    await this.deleteVersions();
  }

  /** Ids are ordered in time and none ended before it began: the index's left end is all that is looked at. */
  private async deleteSome(until: number): Promise<number> {
    const [, count] = await this.dataSource.query<[unknown, number]>(
      `with old as materialized (
         select id, workflow_id, start_key from run
         where id < $1 and status <> 'active'
           and coalesce(finished_at, greatest(woken_at, (step ->> 'startedAt')::timestamptz)) < $2
         order by id limit ${runsAtOnce} for update skip locked
       ), standing as (
         select id from workflow where id in (select workflow_id from old) order by id for key share
       ), kept as (
         insert into run_key (workflow_id, start_key)
         select workflow_id, start_key from old
         where workflow_id in (select id from standing) and starts_with(start_key, $3)
         order by workflow_id, start_key
         on conflict do nothing
       ), steps as (
         delete from run_step using old where run_step.run_id = old.id
       )
       delete from run using old where run.id = old.id`,
      [newId('run', until), new Date(until), onceForGood],
    );
    return count;
  }

  /** Of workflows that are gone, as their last run is. */
  private async deleteVersions(): Promise<void> {
    await this.dataSource.query(
      `delete from workflow_version version
       where not exists (select from workflow where id = version.workflow_id)
         and not exists (select from run where workflow_id = version.workflow_id)`,
    );
  }
}

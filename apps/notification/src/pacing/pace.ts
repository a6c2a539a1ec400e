import type { Channel } from '@tearoff/contracts';
import { prepared } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import type { Lane } from './lane';

/** `granted`: how many messages may go now. When fewer than wanted, more may be had after `waitMs`. */
export interface Grant {
  granted: number;
  waitMs: number;
}

/**
 * A token bucket as a row, by the database's clock: every worker of the installation takes from the same. It
 * holds half a second's worth, which with what a worker holds ready stays within a second's. The last two tenths
 * are for single deliveries, and while those wait lists get none. Lists take a tenth of a second's worth at least,
 * so that a worker asks some ten times a second. The clock is read once the row is locked, or a worker that waited
 * for it would fill the bucket for that time again.
 */
const take = {
  name: 'pace-take',
  text: `
    with held as materialized (
      select * from pace where channel = $1 for update
    ), timed as materialized (
      select *, greatest(clock_timestamp(), filled_at) as at, greatest(1, $2::float8 / 2) as most from held
    ), filled as materialized (
      select *, least(most, tokens + $2::float8 * extract(epoch from at - least(at, greatest(filled_at, paused_until)))) as level,
             case when $3 = 'list' then least(0.2 * $2::float8, most - 1) else 0 end as reserve,
             least($4::int, greatest(1, floor(0.1 * $2::float8))) as portion,
             greatest(paused_until, case when $3 = 'list' then singles_until end) as closed_until
      from timed
    ), granted as materialized (
      select *, case
          when closed_until > at then 0
          when $3 = 'list' and level - reserve < portion then 0
          else least($4::int, floor(level - reserve))
        end as n
      from filled
    ), waiting as materialized (
      select *, case when n = $4::int then interval '0' else greatest(
          closed_until - at,
          (reserve + least(portion, $4::int - n) - (level - n)) / $2::float8 * interval '1 second',
          interval '1 millisecond') end as wait
      from granted
    )
    update pace set
      tokens = level - n,
      filled_at = at,
      singles_until = case when $3 = 'single' and n < $4::int then at + wait + interval '100 milliseconds'
                           else pace.singles_until end
    from waiting
    where pace.channel = waiting.channel
    returning n::int as granted, ceil(extract(epoch from wait) * 1000)::float8 as "waitMs"`,
};

const pause = {
  name: 'pace-pause',
  text: `
    update pace
    set tokens = 0, paused_until = greatest(paused_until, clock_timestamp() + $2::float8 * interval '1 millisecond')
    where channel = $1`,
};

/** A tenth faster than the rate: of those that come back some need no token, and the rest is put off again. */
const plan = {
  name: 'pace-plan',
  text: `
    with held as materialized (
      select * from pace where channel = $1 for update
    ), planned as materialized (
      select channel, greatest(clock_timestamp(), paused_until,
                               case when $3 = 'list' then lists_planned else singles_planned end) as start
      from held
    ), written as (
      update pace set
        lists_planned = case when $3 = 'list' then start + $4::int / (1.1 * $2::float8) * interval '1 second'
                             else lists_planned end,
        singles_planned = case when $3 = 'single' then start + $4::int / (1.1 * $2::float8) * interval '1 second'
                               else singles_planned end
      from planned where pace.channel = planned.channel
    )
    select start from planned`,
};

/** How fast one channel's provider may be given messages by all workers together. */
export class Pace {
  private pausedUntil = 0;

  constructor(
    private readonly dataSource: DataSource,
    readonly channel: Channel,
    /** Messages a second. */
    readonly rate: number,
  ) {}

  async take(lane: Lane, wanted: number): Promise<Grant> {
    const [grant] = await prepared<Grant & Record<string, unknown>>(this.dataSource, take, [
      this.channel,
      this.rate,
      lane,
      wanted,
    ]);
    return grant;
  }

  /** No worker is granted anything for that long: the provider has had too much. */
  async pause(ms: number): Promise<void> {
    // Of fifty calls that are under way all come back with it.
    if (this.pausedUntil >= Date.now() + ms / 2) return;
    this.pausedUntil = Date.now() + ms;
    await prepared(this.dataSource, pause, [this.channel, ms]);
  }

  /** When each of so many messages is to try again that there is no room for now: after those planned before. */
  async plan(lane: Lane, count: number): Promise<Date[]> {
    const [{ start }] = await prepared<{ start: Date }>(this.dataSource, plan, [
      this.channel,
      this.rate,
      lane,
      count,
    ]);
    // Some at a time, as an item each would be dear, but no more than a worker waits for.
    const together = Math.max(1, Math.min(50, Math.floor(this.rate)));
    const stepMs = (together * 1_000) / (1.1 * this.rate);
    return Array.from(
      { length: count },
      (_, index) => new Date(start.getTime() + Math.floor(index / together) * stepMs),
    );
  }
}

import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { prepared } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { typeText, type TypeName } from './events.sql';

const everyMs = 2_000;

interface Count extends TypeName {
  count: number;
  lastAt: string;
}

/**
 * How many events of each type came. Gathered here and written now and then: a row a type that every batch updates would
 * have batches wait for each other. What a killed process had not written is not counted.
 */
@Injectable()
export class EventCounts implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(EventCounts.name);
  private counts = new Map<string, Count>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly dataSource: DataSource) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.write(), everyMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  add(events: readonly (TypeName & { at: string })[]): void {
    for (const { accountId, type, at } of events) {
      const count = this.counts.get(typeText({ accountId, type }));
      if (count) Object.assign(count, { count: count.count + 1, lastAt: at });
      else this.counts.set(typeText({ accountId, type }), { accountId, type, count: 1, lastAt: at });
    }
  }

  private async write(): Promise<void> {
    if (this.counts.size === 0) return;
    const counts = [...this.counts.values()];
    this.counts = new Map();
    try {
      await prepared(this.dataSource, statement, [
        counts.map(({ accountId }) => accountId),
        counts.map(({ type }) => type),
        counts.map(({ count }) => count),
        counts.map(({ lastAt }) => lastAt),
      ]);
    } catch (error) {
      this.logger.warn(`events were not counted: ${String(error)}`);
    }
  }
}

// Locked in one order, whichever instance writes.
const statement = {
  name: 'event-counts',
  text: `
    with given as (
      select * from unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[]) as given (account_id, type, count, last_at)
    ), held as materialized (
      select account_id, type from event_type join given using (account_id, type)
      order by account_id, type for update of event_type)
    update event_type set count = event_type.count + given.count,
           last_seen_at = greatest(event_type.last_seen_at, given.last_at)
    from given join held using (account_id, type)
    where event_type.account_id = given.account_id and event_type.type = given.type`,
};

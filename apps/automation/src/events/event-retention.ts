import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { newId } from '@tearoff/contracts';
import { DataSource } from 'typeorm';

const everyMs = 10 * 60_000;
const days = 90;
const rowsAtOnce = 5_000;

/** Deletes what events told after 90 days; their keys stay. Any number of instances may do so at once. */
@Injectable()
export class EventRetention implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly dataSource: DataSource) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.sweep().catch(() => undefined), everyMs).unref();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  /** Some thousands at a time; what another instance has in hand is left to it. A failure is no harm: the next round comes. */
  async sweep(now = Date.now()): Promise<void> {
    const until = newId('event', now - days * 86_400_000);
    for (let swept = rowsAtOnce; swept === rowsAtOnce && !this.stopped;) {
      const [, count] = await this.dataSource.query<[unknown, number]>(
        `delete from event where id = any (array(
           select id from event where id < $1 order by id limit ${rowsAtOnce} for update skip locked))`,
        [until],
      );
      swept = count;
    }
  }
}

import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { newId } from '@tearoff/contracts';
import { DataSource } from 'typeorm';

const everyMs = 10 * 60_000;
const day = 86_400_000;

/** Deletes what is no longer needed to answer or to count; addresses first of all. */
@Injectable()
export class ClaimsSweeper implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly dataSource: DataSource) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.sweep().catch(() => undefined), everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Two days of claims, thirty of messages, an hour or two of counters. A failure is no harm: the next round comes. */
  async sweep(now = Date.now()): Promise<void> {
    // Ids are ordered in time.
    await this.dataSource.query(`delete from claim where status <> 'waiting' and id < $1`, [
      newId('claim', now - 2 * day),
    ]);
    await this.dataSource.query(`delete from claim_message where served_at < now() - interval '30 days'`);
    await this.dataSource.query(`delete from claim_counter where hour < now() - interval '2 hours'`);
    await this.dataSource.query(`delete from claim_passcode where expires_at < now()`);
    await this.dataSource.query(`delete from spent_proof where expires_at < now()`);
  }
}

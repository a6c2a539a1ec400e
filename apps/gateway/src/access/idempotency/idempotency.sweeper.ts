import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { IdempotencyStore } from './idempotency.store';

const everyMs = 10 * 60_000;

/** Deletes expired keys now and then. Any number of gateways may do so at once. */
@Injectable()
export class IdempotencySweeper implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly store: IdempotencyStore) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.sweep(), everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** A failure is no harm: the next round comes. */
  private async sweep(): Promise<void> {
    try {
      while ((await this.store.sweep()) > 0);
    } catch {
      return;
    }
  }
}

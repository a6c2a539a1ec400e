import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';

/** Notes that a claimed coupon's page was opened, once a coupon; the page does not wait for it. */
@Injectable()
export class ClaimOpens {
  private readonly log = new Logger(ClaimOpens.name);
  private readonly noted = new LRUCache<string, true>({ max: 20_000 });

  constructor(private readonly dataSource: DataSource) {}

  note(couponId: string): void {
    if (this.noted.has(couponId)) return;
    this.dataSource
      .query<[unknown, number]>(
        `update claimed_coupon set opened_at = coalesce(opened_at, now()) where coupon_id = $1`,
        [couponId],
      )
      .then(([, known]) => known > 0 && this.noted.set(couponId, true))
      .catch((error: unknown) => this.log.warn(`an opening was not noted: ${String(error)}`));
  }
}

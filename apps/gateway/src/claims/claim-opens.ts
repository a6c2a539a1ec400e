import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';

// Previews and scanners open every link; a person's browser calls itself none of these.
const machine =
  /bot|crawl|spider|preview|scan|facebookexternalhit|whatsapp|slack|telegram|curl|wget|python|^$/i;

/** Notes that a claimed coupon's page was opened, once a coupon; the page does not wait for it. */
@Injectable()
export class ClaimOpens {
  private readonly log = new Logger(ClaimOpens.name);
  private readonly noted = new LRUCache<string, true>({ max: 20_000 });

  constructor(private readonly dataSource: DataSource) {}

  note(couponId: string, userAgent: string | undefined): void {
    if (this.noted.has(couponId) || machine.test(userAgent ?? '')) return;
    this.dataSource
      .query<[unknown, number]>(
        `update claimed_coupon set opened_at = coalesce(opened_at, now()) where coupon_id = $1`,
        [couponId],
      )
      .then(([, known]) => known > 0 && this.noted.set(couponId, true))
      .catch((error: unknown) => this.log.warn(`an opening was not noted: ${String(error)}`));
  }
}

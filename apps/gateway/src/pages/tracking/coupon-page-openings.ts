import { LRUCache } from 'lru-cache';
import type { CouponPageOpened, ItemOf } from '@tearoff/contracts';

export type Opening = ItemOf<typeof CouponPageOpened>;

const onceAnHour = { max: 100_000, ttl: 3_600_000 };
const maxWaiting = 50_000;

/** Openings of coupons' pages that are to be told: of each coupon one an hour, however often it is looked at. */
export class CouponPageOpenings {
  private readonly recent = new LRUCache<string, true>(onceAnHour);
  private waiting: Opening[] = [];

  add(opening: Opening): void {
    if (this.recent.has(opening.couponId) || this.waiting.length >= maxWaiting) return;
    this.recent.set(opening.couponId, true);
    this.waiting.push(opening);
  }

  take(): Opening[] {
    const taken = this.waiting;
    this.waiting = [];
    return taken;
  }

  putBack(taken: readonly Opening[]): void {
    this.waiting.unshift(...taken);
  }
}

import type { Holder, Slot } from './issue.sql';

/** Who holds what in one period of one campaign, including what this batch is about to give. */
export class Holdings {
  private readonly byKey = new Map<string, Map<string, number>>();

  constructor(holders: readonly Holder[]) {
    for (const { key, n, couponId } of holders) this.of(key).set(couponId, n);
  }

  /** Coupons of the person known by any of these keys, the oldest first (ids are ordered in time). */
  coupons(keys: readonly string[]): string[] {
    return [...new Set(keys.flatMap((key) => [...this.of(key).keys()]))].sort();
  }

  /**
   * What a person gets again who may have no more: under each key its last coupon, of several keys the oldest
   * of those. So a key answers with the same coupon whichever others it is named with afterwards.
   */
  again(keys: readonly string[]): string | undefined {
    return keys.flatMap((key) => this.coupons([key]).slice(-1)).sort()[0];
  }

  /**
   * Slots by which they hold these coupons under each of their keys: those that are missing. A key that has its
   * `count` already keeps what it has.
   */
  link(keys: readonly string[], couponIds: readonly string[], period: string, count: number): Slot[] {
    const slots: Slot[] = [];
    for (const key of keys) {
      const held = this.of(key);
      for (const couponId of couponIds) {
        if (held.has(couponId) || held.size >= count) continue;
        const n = Math.max(0, ...held.values()) + 1;
        held.set(couponId, n);
        slots.push({ key, period, n, couponId });
      }
    }
    return slots;
  }

  private of(key: string): Map<string, number> {
    let held = this.byKey.get(key);
    if (!held) this.byKey.set(key, (held = new Map()));
    return held;
  }
}

/** Where there is no limit a slot binds no one: it only tells, when people are looked up, whose the coupon is. */
export const unboundSlots = (keys: readonly string[], couponId: string): Slot[] =>
  keys.map((key) => ({ key, period: couponId, n: 0, couponId }));

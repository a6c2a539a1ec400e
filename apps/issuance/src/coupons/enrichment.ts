import type { Recipient } from '@tearoff/contracts';
import type { EntityManager } from 'typeorm';
import type { CouponEntity } from './coupon.entity';

const names = ['phone', 'email', 'externalId'] as const;

/**
 * A person who asks again under one more name becomes known by it: their coupon can be sent there, too. What
 * the coupon already says of them stays.
 */
export class Enrichment {
  private readonly changed = new Set<CouponEntity>();

  add(coupon: CouponEntity, recipient: Recipient): void {
    for (const name of names) {
      if (coupon.recipient[name] !== undefined || recipient[name] === undefined) continue;
      coupon.recipient = { ...coupon.recipient, [name]: recipient[name] };
      this.changed.add(coupon);
    }
  }

  /** `fresh`: coupons that are written by other means. */
  async write(tx: EntityManager, fresh: readonly CouponEntity[]): Promise<void> {
    const coupons = [...this.changed].filter((coupon) => !fresh.includes(coupon));
    if (coupons.length === 0) return;
    await tx.query(
      `update coupon set recipient = known.recipient::jsonb || coupon.recipient
       from unnest($2::text[], $3::text[]) as known (id, recipient)
       where coupon.account_id = $1 and coupon.id = known.id`,
      [
        coupons[0].accountId,
        coupons.map((coupon) => coupon.id),
        coupons.map((coupon) => JSON.stringify(coupon.recipient)),
      ],
    );
  }
}

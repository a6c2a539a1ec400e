import type { Coupon, Redemption } from '@tearoff/contracts';
import { flag, timeOf } from './views';

/** What else is known of a coupon besides what it says itself. */
export interface SessionFacts {
  openedAt: string | null;
  redemption?: Redemption | undefined;
}

/** A coupon in the vendor's words. Here a coupon is claimed and validated in one step: when a till redeems it. */
export function sessionStatus(coupon: Coupon, { openedAt, redemption }: SessionFacts) {
  const redeemedAt = redemption?.redeemedAt ?? coupon.redeemedAt;
  const amount = redemption?.discount?.amount ?? null;
  return {
    created_date_utc: timeOf(coupon.issuedAt),
    opened: flag(openedAt !== null),
    open_date_utc: timeOf(openedAt),
    claimed: flag(redeemedAt !== null),
    claim_date_utc: timeOf(redeemedAt),
    claimtype: redeemedAt === null ? null : 'validation',
    validated: flag(redeemedAt !== null),
    validation_date_utc: timeOf(redeemedAt),
    validation_store: redemption?.storeId ?? coupon.redeemedStoreId,
    validation_value: amount === null ? null : String(amount),
    voided: flag(coupon.voidedAt !== null),
    voided_date_utc: timeOf(coupon.voidedAt),
    expired: flag(coupon.status === 'expired'),
    expiry_date_utc: timeOf(coupon.validTo),
    locked: flag(coupon.status !== 'issued'),
  };
}

/** What its maker gave it, as `multiplesingleuse/create` numbers them. */
export function sequenceOf({ metadata }: Coupon): string {
  const sequence = metadata?.sequence_id;
  return typeof sequence === 'number' ? String(sequence) : '';
}

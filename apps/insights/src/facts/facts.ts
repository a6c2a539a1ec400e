import type {
  Coupon,
  CouponRedeemedItem,
  Delivery,
  DeliveryStatus,
  ItemOf,
  Redemption,
  RedemptionReversed,
} from '@tearoff/contracts';
import { sourceKey } from '../sources/source-key';

/** A coupon of an account, of a campaign: what every fact is about. */
export interface CouponKey {
  account_id: string;
  coupon_id: string;
  campaign_id: string;
}
export type IssueFact = CouponKey & { source: string; issued_at: string };
export type DeliveryFact = CouponKey & { delivered: boolean };
export type OpeningFact = CouponKey & { opened_at: string };
export type VoidFact = CouponKey & { voided_at: string };
export type RedemptionFact = CouponKey & {
  redemption_id: string;
  store_id: string | null;
  channel: string | null;
  currency: string | null;
  revenue: number | null;
  discount: number | null;
  redeemed_at: string;
  reversed_at: string | null;
};

interface OfCoupon {
  accountId: string;
  couponId: string;
  campaignId: string;
}

export const keyOf = ({ accountId, couponId, campaignId }: OfCoupon): CouponKey => ({
  account_id: accountId,
  coupon_id: couponId,
  campaign_id: campaignId,
});

export function issueFact(coupon: OfCoupon & Pick<Coupon, 'source' | 'issuedAt'>): IssueFact {
  return { ...keyOf(coupon), source: sourceKey(coupon.source), issued_at: coupon.issuedAt };
}

type ReportedDelivery = Pick<Delivery, 'accountId' | 'couponId' | 'campaignId'> & {
  status: DeliveryStatus;
  sentAt?: string | null;
};

/** Null when the message never left, or was none of a coupon. One that bounced later had been sent. */
export function deliveryFact({
  accountId,
  couponId,
  campaignId,
  status,
  sentAt,
}: ReportedDelivery): DeliveryFact | null {
  const left = status === 'sent' || status === 'delivered' || (sentAt ?? null) !== null;
  if (!left || couponId === null || campaignId === null) return null;
  return { ...keyOf({ accountId, couponId, campaignId }), delivered: status === 'delivered' };
}

/**
 * Money counts by its currency. A basket without one is in that of its discount, as redemption takes it to be; where
 * that has none either, of none (ISO 4217: XXX).
 */
export function redemptionFact(
  redemption: CouponRedeemedItem | (Omit<Redemption, 'id'> & { redemptionId: string }),
): RedemptionFact {
  const { basket, discount } = redemption;
  const told = basket?.total !== undefined;
  return {
    ...keyOf(redemption),
    redemption_id: redemption.redemptionId,
    store_id: redemption.storeId,
    channel: redemption.channel,
    currency: told ? (basket.currency ?? discount?.currency ?? 'XXX') : null,
    revenue: told ? basket.total! : null,
    discount: told ? (discount?.amount ?? 0) : null,
    redeemed_at: redemption.redeemedAt,
    reversed_at: 'reversedAt' in redemption ? redemption.reversedAt : null,
  };
}

/** What a reversal alone tells of the redemption that it undoes. */
export const reversalFact = (reversal: ItemOf<typeof RedemptionReversed>): RedemptionFact => ({
  ...keyOf(reversal),
  redemption_id: reversal.redemptionId,
  store_id: reversal.storeId,
  channel: null,
  currency: null,
  revenue: null,
  discount: null,
  redeemed_at: reversal.redeemedAt,
  reversed_at: reversal.reversedAt,
});

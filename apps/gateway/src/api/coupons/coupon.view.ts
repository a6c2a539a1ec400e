import type { Coupon, CouponState, Delivery } from '@tearoff/contracts';

type DeliveryRef = NonNullable<Coupon['delivery']>;

export interface DeliveryView extends DeliveryRef {
  /** The provider's words, once it has refused. */
  error?: string | null;
}

export const deliveryView = ({ id, channel, status, error }: Delivery): DeliveryView => ({
  id,
  channel,
  status,
  ...(error !== null && { error }),
});

/** The answer to `POST /v1/coupons`; names the offer where there is one. */
export function issuedView(
  coupon: Coupon,
  repeated: boolean,
  publicUrl: string,
  delivery?: DeliveryView | null,
) {
  const { id, campaignId, offerId, code, status, recipient, issuedAt, validFrom, validTo, redeemedAt } =
    coupon;
  return {
    id,
    campaignId,
    ...(offerId !== null && { offerId }),
    code,
    url: urlOf(coupon, publicUrl),
    status,
    recipient,
    issuedAt,
    validFrom,
    validTo,
    redeemedAt,
    repeated,
    delivery: delivery ?? coupon.delivery,
  };
}

/** A coupon with everything that is known of it, except the token: that is in the url. */
export function couponView(
  { accountId: _, token, ...coupon }: Coupon,
  publicUrl: string,
  delivery?: DeliveryView | null,
) {
  return { ...coupon, url: urlOf({ token }, publicUrl), delivery: delivery ?? coupon.delivery };
}

const urlOf = ({ token }: Pick<Coupon, 'token'>, publicUrl: string): string => `${publicUrl}/c/${token}`;

/** Issuance's coupon with redemption's word on it, which issuance hears of a moment later. */
export function withState(coupon: Coupon, state: CouponState, now = Date.now()): Coupon {
  if (state.state === 'unknown') return coupon;
  const { redeemedAt, storeId: redeemedStoreId, voidedAt } = state;
  if (state.state !== 'issued')
    return { ...coupon, status: state.state, redeemedAt, redeemedStoreId, voidedAt };
  const expired = coupon.validTo !== null && Date.parse(coupon.validTo) < now;
  const status = expired ? 'expired' : 'issued';
  return { ...coupon, status, redeemedAt: null, redeemedStoreId: null, voidedAt: null };
}

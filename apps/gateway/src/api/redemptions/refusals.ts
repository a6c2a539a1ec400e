import { DomainError, type RedeemOutcome, type RefusalReason } from '@tearoff/contracts';

const words: Record<RefusalReason, string> = {
  not_found: 'There is no coupon with this code.',
  already_redeemed: 'This coupon has been redeemed already.',
  voided: 'This coupon has been withdrawn.',
  campaign_ended: 'The campaign has ended.',
  campaign_paused: 'The campaign is paused.',
  not_yet_valid: 'This coupon is not valid yet.',
  expired: 'This coupon has expired.',
  wrong_store: 'This coupon is not for this store.',
  wrong_channel: 'This coupon is not for this sales channel.',
  wrong_time: 'This coupon is not for this day or hour.',
  wrong_currency: 'The basket is in another currency than the coupon.',
  min_basket: 'The basket is below the minimum.',
  reserved: 'This coupon is reserved by another till.',
};

type Refused = Omit<Extract<RedeemOutcome, { outcome: 'refused' }>, 'outcome'>;

/** Codes of problems by which a till is refused a coupon that exists. */
export const refusalCodes = (Object.keys(words) as RefusalReason[])
  .filter((reason) => reason !== 'not_found')
  .map((reason) => `coupon.${reason}`);

/**
 * What a till is told: 404 for an unknown code, otherwise 409 with when and where it was redeemed, or what the
 * basket has to come to.
 */
export function refusalOf({ reason, redeemedAt, storeId, minBasket, missing }: Refused): DomainError {
  const kind = reason === 'not_found' ? 'not_found' : 'conflict';
  const details =
    reason === 'not_found'
      ? undefined
      : { redeemedAt, storeId, ...(minBasket && { minBasket }), ...(missing && { missing }) };
  return new DomainError(`coupon.${reason}`, kind, words[reason], details);
}

import type { Channel, CouponSendRequestedItem, MessageOverride, Recipient } from '@tearoff/contracts';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import type { CouponEntity, KnownDelivery } from './coupon.entity';
import { printedCodeOf, validToOf } from './coupon.view';

/** By which of their names a person is reached. */
export const addressName = (channel: Channel): 'phone' | 'email' => (channel === 'sms' ? 'phone' : 'email');

export const addressFor = (recipient: Recipient, channel: Channel): string | undefined =>
  recipient[addressName(channel)];

/** The person to be reached at that address, whatever else is known of them. */
const reachedAt = (recipient: Recipient, { channel, to }: KnownDelivery): Recipient => ({
  ...recipient,
  [addressName(channel)]: to,
});

/**
 * What notification has to know to write to the recipient, at the delivery's address; without a delivery there
 * is nothing to write.
 */
export function messagePayloadOf(
  coupon: CouponEntity,
  campaign: CampaignEntity,
  delivery: KnownDelivery | null,
  message: MessageOverride | undefined,
): CouponSendRequestedItem {
  return {
    accountId: coupon.accountId,
    couponId: coupon.id,
    campaignId: coupon.campaignId,
    campaignVersion: campaign.version,
    code: printedCodeOf(coupon),
    token: coupon.token,
    recipient: delivery ? reachedAt(coupon.recipient, delivery) : coupon.recipient,
    offerId: coupon.offerId,
    channel: delivery?.channel ?? 'none',
    deliveryId: delivery?.id ?? null,
    message: message ?? null,
    issuedAt: coupon.issuedAt.toISOString(),
    validFrom: coupon.validFrom.toISOString(),
    ownValidTo: coupon.ownValidTo?.toISOString() ?? null,
    validTo: validToOf(coupon, campaign)?.toISOString() ?? null,
  };
}

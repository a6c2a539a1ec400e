import type { Channel, CouponSendRequestedItem, MessageOverride, Recipient } from '@tearoff/contracts';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import type { CouponEntity, KnownDelivery } from './coupon.entity';
import { printedCodeOf, validToOf } from './coupon.view';

export const addressFor = (recipient: Recipient, channel: Channel): string | undefined =>
  channel === 'sms' ? recipient.phone : recipient.email;

/** What notification has to know to write to the recipient; without a delivery there is nothing to write. */
export function letterOf(
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
    recipient: coupon.recipient,
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

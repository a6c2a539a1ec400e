import type { CodeEntry, Coupon } from '@tearoff/contracts';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import type { CouponEntity } from './coupon.entity';

type Ending = Pick<CampaignEntity, 'endsAt'>;

export const printedCodeOf = (coupon: CouponEntity): string => coupon.printedCode ?? coupon.code;

/** The coupon's own end or the campaign's, whichever is first; read, not stored, so that a moved end holds for all. */
export function validToOf({ ownValidTo }: CouponEntity, { endsAt }: Ending): Date | null {
  if (!ownValidTo || !endsAt) return ownValidTo ?? endsAt;
  return ownValidTo < endsAt ? ownValidTo : endsAt;
}

/** As the status conditions in coupon.search.ts. */
export function statusOf(coupon: CouponEntity, campaign: Ending, now: Date): Coupon['status'] {
  if (coupon.voidedAt) return 'voided';
  if (coupon.redeemedAt) return 'redeemed';
  const validTo = validToOf(coupon, campaign);
  return validTo && validTo < now ? 'expired' : 'issued';
}

/** The coupon as told to callers, with its last delivery, to address `to` when that is asked for. */
export function couponOf(coupon: CouponEntity, campaign: Ending, now: Date, to?: string): Coupon {
  const delivery = coupon.deliveries.findLast((known) => to === undefined || known.to === to);
  return {
    id: coupon.id,
    accountId: coupon.accountId,
    campaignId: coupon.campaignId,
    code: printedCodeOf(coupon),
    token: coupon.token,
    status: statusOf(coupon, campaign, now),
    recipient: coupon.recipient,
    offerId: coupon.offerId,
    channel: coupon.channel,
    source: coupon.source,
    metadata: coupon.metadata,
    issuedAt: coupon.issuedAt.toISOString(),
    validFrom: coupon.validFrom.toISOString(),
    validTo: validToOf(coupon, campaign)?.toISOString() ?? null,
    redeemedAt: coupon.redeemedAt?.toISOString() ?? null,
    redeemedStoreId: coupon.redeemedStoreId,
    voidedAt: coupon.voidedAt?.toISOString() ?? null,
    delivery: delivery ? { id: delivery.id, channel: delivery.channel, status: delivery.status } : null,
  };
}

/** What redemption has to know of a code. */
export const entryOf = (coupon: CouponEntity): CodeEntry => ({
  accountId: coupon.accountId,
  couponId: coupon.id,
  campaignId: coupon.campaignId,
  code: printedCodeOf(coupon),
  offerId: coupon.offerId,
  issuedAt: coupon.issuedAt.toISOString(),
  validFrom: coupon.validFrom.toISOString(),
  ownValidTo: coupon.ownValidTo?.toISOString() ?? null,
});

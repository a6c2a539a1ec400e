import { newId, type Channel, type CouponIssuedItem } from '@tearoff/contracts';
import type { SuppliedCode } from '../codes/code-supply';
import type { IssueRequest } from './issue-request';
import type { CouponEntity, KnownDelivery } from './coupon.entity';
import type { DraftRow } from './issue.sql';
import { addressFor, messagePayloadOf } from './message-payload';
import type { Terms } from './terms';
import { newToken } from './token';

/** A coupon not yet written. */
export interface Draft {
  ask: IssueRequest;
  coupon: CouponEntity;
}

export function draftOf(
  ask: IssueRequest,
  terms: Terms,
  { code, printedCode, validTo = null }: SuppliedCode,
  offerId: string | null,
): Draft {
  const { request, campaign, channel } = ask;
  const coupon: CouponEntity = {
    accountId: campaign.accountId,
    id: request.couponId ?? newId('coupon', terms.issuedAt.getTime()),
    campaignId: campaign.id,
    code,
    printedCode,
    token: newToken(),
    recipient: ask.recipient,
    offerId,
    channel,
    source: request.source ?? null,
    metadata: request.metadata ?? null,
    issuedAt: terms.issuedAt,
    validFrom: terms.validFrom,
    ownValidTo: earlierOf(terms.ownValidTo, validTo),
    deliveries: channel === 'none' ? [] : [newDelivery(channel, addressFor(ask.recipient, channel)!)],
    redeemedAt: null,
    redeemedStoreId: null,
    redemptionChangedAt: null,
    voidedAt: null,
  };
  return { ask, coupon };
}

/** The end that the campaign's days give a coupon, or the end that its code came with. */
function earlierOf(one: Date | null, other: Date | null): Date | null {
  if (!one || !other) return one ?? other;
  return one < other ? one : other;
}

export const newDelivery = (channel: Channel, to: string): KnownDelivery => ({
  id: newId('delivery'),
  channel,
  to,
  status: 'queued',
  at: null,
});

export const newListDelivery = (channel: Channel, to: string): KnownDelivery => ({
  ...newDelivery(channel, to),
  bulk: true,
});

export function rowOf({ ask, coupon }: Draft): DraftRow {
  const item: CouponIssuedItem = {
    ...messagePayloadOf(coupon, ask.campaign, coupon.deliveries[0] ?? null, ask.request.message),
    source: coupon.source,
    metadata: coupon.metadata,
  };
  return { coupon, item: JSON.stringify(item), context: JSON.stringify(ask.context) };
}

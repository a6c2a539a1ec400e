import type {
  CodesLowStock,
  CouponIssuedItem,
  CouponVoided,
  CouponRedeemedItem,
  DeliverySettled,
  EventRecordedItem,
  GuessingSuspected,
  ItemOf,
  RedemptionReversed,
} from '@tearoff/contracts';
import type { DomainEvent } from './domain-event';

type Of<I> = (event: string, item: I, id: string) => DomainEvent;

export const ofRecorded = ({ eventId, accountId, type, ...item }: EventRecordedItem): DomainEvent => ({
  id: eventId,
  accountId,
  event: type,
  key: item.key,
  contact: item.contact,
  contactId: item.contactId,
  params: item.params,
  at: item.at,
});

/** The token stays here: anyone who has it has the coupon's page. */
export const ofIssue: Of<CouponIssuedItem> = (event, item, id) => ({
  id,
  accountId: item.accountId,
  event,
  key: item.couponId,
  contact: item.recipient,
  params: {
    couponId: item.couponId,
    campaignId: item.campaignId,
    code: item.code,
    offerId: item.offerId,
    channel: item.channel,
    source: item.source,
    metadata: item.metadata,
    issuedAt: item.issuedAt,
    validFrom: item.validFrom,
    validTo: item.validTo,
  },
  at: item.issuedAt,
});

/** Whose coupon it was the item does not tell. */
export const ofCoupon: Of<
  CouponRedeemedItem | ItemOf<typeof RedemptionReversed> | ItemOf<typeof CouponVoided>
> = (event, { accountId, ...item }, id) => ({
  id,
  accountId,
  event,
  key: item.couponId,
  contact: null,
  params: item,
  at: 'voidedAt' in item ? item.voidedAt : 'reversedAt' in item ? item.reversedAt : item.redeemedAt,
});

export const ofDelivery = (
  { accountId, ...item }: ItemOf<typeof DeliverySettled>,
  id: string,
): DomainEvent => ({
  id,
  accountId,
  event: `delivery.${item.status}`,
  key: item.deliveryId,
  contact: null,
  params: item,
  at: item.at,
});

export interface MemberItem {
  accountId: string;
  memberId: string;
  phone: string | null;
  email: string | null;
  externalId: string | null;
  at: string;
}

/** Of points, tiers, rewards and enrolments. */
export const ofMember: Of<MemberItem> = (event, { accountId, phone, email, externalId, ...item }, id) => ({
  id,
  accountId,
  event,
  key: item.memberId,
  contact: { ...(phone && { phone }), ...(email && { email }), ...(externalId && { externalId }) },
  params: item,
  at: item.at,
});

/** Of a campaign's stack of codes; it is no one's. */
export const ofStock: Of<ItemOf<typeof CodesLowStock>> = (event, { accountId, ...item }, id) => ({
  id,
  accountId,
  event,
  key: item.campaignId,
  contact: null,
  params: item,
  at: item.at,
});

/** Of a key at a store; no customer's. */
export const ofGuessing: Of<ItemOf<typeof GuessingSuspected>> = (event, { accountId, ...item }, id) => ({
  id,
  accountId,
  event,
  key: item.storeId === null ? item.apiKeyId : `${item.apiKeyId} ${item.storeId}`,
  contact: null,
  params: item,
  at: item.at,
});

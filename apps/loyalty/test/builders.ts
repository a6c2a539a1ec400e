import {
  newId,
  type Coupon,
  type CouponRedeemedItem,
  type CouponVoided,
  type EventRecordedItem,
  type ItemOf,
  type Member,
  type RedemptionReversed,
  type RewardOrder,
} from '@tearoff/contracts';

const now = () => new Date().toISOString();

export const couponOf = (accountId: string, campaignId: string, recipient: Coupon['recipient']): Coupon => ({
  id: newId('coupon'),
  accountId,
  campaignId,
  code: newId('coupon').slice(-12).toUpperCase(),
  token: newId('event'),
  status: 'issued',
  recipient,
  offerId: null,
  channel: 'none',
  source: null,
  metadata: null,
  issuedAt: now(),
  validFrom: now(),
  validTo: null,
  redeemedAt: null,
  redeemedStoreId: null,
  voidedAt: null,
  delivery: null,
});

export const redeemedOf = (coupon: Coupon, parts: Partial<CouponRedeemedItem> = {}): CouponRedeemedItem => ({
  redemptionId: newId('redemption'),
  accountId: coupon.accountId,
  couponId: coupon.id,
  campaignId: coupon.campaignId,
  code: coupon.code,
  storeId: 's1',
  terminalId: null,
  channel: 'store',
  transactionRef: null,
  basket: null,
  discount: null,
  redeemedAt: now(),
  ...parts,
});

export const reversedOf = (redeemed: CouponRedeemedItem): ItemOf<typeof RedemptionReversed> => ({
  redemptionId: redeemed.redemptionId,
  accountId: redeemed.accountId,
  couponId: redeemed.couponId,
  campaignId: redeemed.campaignId,
  code: redeemed.code,
  storeId: redeemed.storeId,
  redeemedAt: redeemed.redeemedAt,
  reversedAt: now(),
  reason: null,
});

export const voidedOf = ({ accountId, couponId, campaignId }: RewardOrder): ItemOf<typeof CouponVoided> => ({
  accountId,
  couponId,
  campaignId,
  code: 'ABC123',
  voidedAt: now(),
  reason: null,
});

/** Of a contact who is named by their e-mail address, which is the key too. */
export const recordedOf = (
  accountId: string,
  type: string,
  member: Member | null,
  parts: Partial<EventRecordedItem> = {},
): EventRecordedItem => ({
  eventId: newId('event'),
  accountId,
  type,
  key: member?.email ?? newId('event'),
  repeated: false,
  contactId: null,
  contact: member && { email: member.email!.toUpperCase() },
  params: {},
  at: now(),
  ...parts,
});

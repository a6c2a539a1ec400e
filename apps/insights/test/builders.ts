import {
  newId,
  type Campaign,
  type Card,
  type CouponIssuedItem,
  type CouponRedeemedItem,
  type CouponVoided,
  type DeliverySettled,
  type DeliveryStatus,
  type CouponPageOpened,
  type ItemOf,
  type MemberEnrolled,
  type PointsMovedItem,
  type RedemptionReversed,
  type RewardIssued,
  type TierChanged,
  type TrafficItem,
} from '@tearoff/contracts';

export function aCampaign(accountId: string, changes: Partial<Campaign> = {}): Campaign {
  return {
    id: newId('campaign'),
    accountId,
    version: 1,
    name: 'Spring',
    status: 'active',
    type: 'direct',
    content: {},
    discount: null,
    timezone: 'UTC',
    validity: {},
    codes: { source: 'generated', length: 12, prefix: '', charset: '23456789ABCDEFGHJKMNPQRSTVWXYZ' },
    barcode: 'qrcode',
    limits: { total: null, perRecipient: null, onRepeat: 'sameCoupon' },
    redemption: {},
    messages: {},
    offers: [],
    claim: {},
    createdAt: '2027-01-01T00:00:00.000Z',
    updatedAt: '2027-01-01T00:00:00.000Z',
    ...changes,
  };
}

export const issuedOf = (
  { accountId, id: campaignId }: Campaign,
  changes: Partial<CouponIssuedItem> = {},
): CouponIssuedItem => ({
  accountId,
  couponId: newId('coupon'),
  campaignId,
  campaignVersion: 1,
  code: 'W7KQ3M9XHT2C',
  token: 'tokentokentokentoken22',
  recipient: {},
  offerId: null,
  channel: 'none',
  deliveryId: null,
  message: null,
  issuedAt: '2027-03-01T10:00:00.000Z',
  validFrom: '2027-03-01T10:00:00.000Z',
  ownValidTo: null,
  validTo: null,
  source: null,
  metadata: null,
  ...changes,
});

type Of = { accountId: string; couponId: string; campaignId: string };
const keys = ({ accountId, couponId, campaignId }: Of): Of => ({ accountId, couponId, campaignId });

export const redeemedOf = (coupon: Of, changes: Partial<CouponRedeemedItem> = {}): CouponRedeemedItem => ({
  ...keys(coupon),
  redemptionId: newId('redemption'),
  code: 'W7KQ3M9XHT2C',
  storeId: 'london-1',
  terminalId: null,
  channel: 'store',
  transactionRef: null,
  basket: { total: 5_000, currency: 'EUR' },
  discount: { kind: 'percent', value: 20, amount: 1_000 },
  redeemedAt: '2027-03-02T10:00:00.000Z',
  ...changes,
});

export const reversedOf = (
  redemption: CouponRedeemedItem,
  reversedAt = '2027-03-03T10:00:00.000Z',
): ItemOf<typeof RedemptionReversed> => ({
  ...keys(redemption),
  redemptionId: redemption.redemptionId,
  code: redemption.code,
  storeId: redemption.storeId,
  redeemedAt: redemption.redeemedAt,
  reversedAt,
  reason: null,
});

export const voidedOf = (coupon: Of, voidedAt = '2027-03-04T10:00:00.000Z'): ItemOf<typeof CouponVoided> => ({
  ...keys(coupon),
  code: 'W7KQ3M9XHT2C',
  voidedAt,
  reason: null,
});

export const settledOf = (coupon: Of, status: DeliveryStatus): ItemOf<typeof DeliverySettled> => ({
  ...keys(coupon),
  deliveryId: newId('delivery'),
  channel: 'sms',
  status,
  error: null,
  at: '2027-03-01T10:00:05.000Z',
});

export const openedOf = (coupon: Of, at = '2027-03-01T11:00:00.000Z'): ItemOf<typeof CouponPageOpened> => ({
  ...keys(coupon),
  at,
});

export const trafficOf = (
  { accountId, id: campaignId }: Campaign,
  changes: Partial<TrafficItem> = {},
): TrafficItem => ({
  accountId,
  campaignId,
  counter: 'gateway-1',
  source: { medium: 'tv' },
  intervalStart: '2027-03-01T09:45:00.000Z',
  views: 10,
  clicks: 4,
  botViews: 1,
  botClicks: 0,
  ...changes,
});

export const aCard = (accountId: string, changes: Partial<Card> = {}): Card => ({
  id: newId('card'),
  accountId,
  name: 'Friends',
  kind: 'points',
  active: true,
  design: {},
  timezone: 'UTC',
  earning: [],
  rewards: [],
  tiers: null,
  expiry: null,
  pendingDays: 0,
  version: 1,
  createdAt: '2027-01-01T00:00:00.000Z',
  updatedAt: '2027-01-01T00:00:00.000Z',
  ...changes,
});

const onCard = ({ accountId, id: cardId }: Card, at: string, memberId: string = newId('member')) => ({
  accountId,
  cardId,
  memberId,
  phone: null,
  email: null,
  externalId: null,
  at,
});

export const enrolledOf = (card: Card, at: string): ItemOf<typeof MemberEnrolled> => ({
  ...onCard(card, at),
  firstName: null,
  languageCode: null,
});

export const movedOf = (card: Card, points: number, at: string): PointsMovedItem => ({
  ...onCard(card, at),
  entryId: newId('entry'),
  points,
  balance: points,
  reference: null,
  reason: null,
});

export const rewardOf = (card: Card, at: string): ItemOf<typeof RewardIssued> => ({
  ...onCard(card, at),
  rewardIssueId: newId('rewardIssue'),
  rewardId: newId('reward'),
  campaignId: newId('campaign'),
  couponId: newId('coupon'),
  cost: 10,
});

export const tierOf = (card: Card, memberId: string, at: string): ItemOf<typeof TierChanged> => ({
  ...onCard(card, at, memberId),
  from: null,
  to: 'Gold',
});

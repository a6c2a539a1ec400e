import {
  newId,
  type Campaign,
  type Coupon,
  type CouponState,
  type GetCouponPage,
  type ReplyOf,
} from '@tearoff/contracts';

export type Known = ReplyOf<typeof GetCouponPage>;

const day = 86_400_000;
export const daysFromNow = (days: number, now = Date.now()): string =>
  new Date(now + days * day).toISOString();

/** A campaign as a café might run it; valid from yesterday for a month. */
export function aCampaign(changes: Partial<Campaign> = {}): Campaign {
  return {
    id: newId('campaign'),
    accountId: newId('account'),
    version: 1,
    name: 'internal name, Q4',
    status: 'active',
    type: 'direct',
    content: {
      title: 'Any coffee and a cinnamon bun',
      description: 'Come in out of the cold. Choose any coffee, we add a bun from this morning.',
      terms: 'One coupon for each guest. Not together with other offers. While stocks last.',
      color: '#0b6b5d',
    },
    discount: { kind: 'percent', value: 25 },
    timezone: 'Europe/Kyiv',
    validity: {},
    codes: { source: 'generated', length: 12, prefix: '', charset: '23456789ABCDEFGHJKMNPQRSTVWXYZ' },
    barcode: 'qrcode',
    limits: { total: null, perRecipient: { count: 1, per: 'campaign' }, onRepeat: 'sameCoupon' },
    redemption: {},
    messages: {},
    offers: [],
    claim: {},
    createdAt: daysFromNow(-30),
    updatedAt: daysFromNow(-30),
    ...changes,
  };
}

export function aCoupon(campaign: Campaign, changes: Partial<Coupon> = {}): Coupon {
  return {
    id: newId('coupon'),
    accountId: campaign.accountId,
    campaignId: campaign.id,
    code: 'K7PQ4MWX9ZRT',
    token: 'Tq3vZ9mXw2LrK8sYb1Nc4A',
    status: 'issued',
    recipient: { phone: '+447700900123' },
    offerId: null,
    channel: 'sms',
    source: null,
    metadata: null,
    issuedAt: daysFromNow(-1),
    validFrom: daysFromNow(-1),
    validTo: daysFromNow(30),
    redeemedAt: null,
    redeemedStoreId: null,
    voidedAt: null,
    delivery: null,
    ...changes,
  };
}

export function known(campaign: Partial<Campaign> = {}, coupon: Partial<Coupon> = {}): Known {
  const whole = aCampaign(campaign);
  return { campaign: whole, coupon: aCoupon(whole, coupon) };
}

/** The owner's word. */
export const issuedState: CouponState = {
  state: 'issued',
  redeemedAt: null,
  storeId: null,
  storeName: null,
  channel: null,
  voidedAt: null,
};

export const redeemedState = (changes: Partial<CouponState> = {}): CouponState => ({
  ...issuedState,
  state: 'redeemed',
  redeemedAt: '2025-11-21T12:05:00.000Z',
  storeId: 'store-7',
  storeName: 'Podil',
  channel: 'store',
  ...changes,
});

export const voidedState: CouponState = { ...issuedState, state: 'voided', voidedAt: daysFromNow(0) };

/** One coupon for each thing that a face can say. */
export function everyState(): Record<string, { known: Known; owner: CouponState }> {
  return {
    valid: { known: known(), owner: issuedState },
    redeemed: { known: known(), owner: redeemedState() },
    voided: { known: known(), owner: voidedState },
    ended: { known: known({ status: 'ended' }), owner: issuedState },
    paused: { known: known({ status: 'paused' }), owner: issuedState },
    early: { known: known({}, { validFrom: daysFromNow(3) }), owner: issuedState },
    expired: { known: known({}, { validTo: daysFromNow(-2) }), owner: issuedState },
  };
}

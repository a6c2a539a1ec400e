import { createHash } from 'node:crypto';
import {
  minimumBasketOf,
  type Campaign,
  type CampaignContent,
  type Coupon,
  type CouponState,
  type Discount,
  type MinimumBasket,
  type RedemptionRules,
  type ReplyOf,
  type GetCouponPage,
} from '@tearoff/contracts';

/** Told in this order when several hold; it is the order in which a till is refused. */
export const couponPageStates = [
  'redeemed',
  'voided',
  'ended',
  'paused',
  'early',
  'expired',
  'valid',
] as const;

/** What a coupon's page is made of. Only a valid one carries its code: the rest cannot leak what it has not. */
export type CouponPageView = CouponPageBase &
  (
    | { state: 'valid'; code: string; codePrefix: string; barcode: Campaign['barcode'] }
    | { state: 'redeemed'; redeemedAt: Date | null; place: string | null; online: boolean }
    | { state: 'voided' | 'ended' | 'paused' | 'early' | 'expired' }
  );

interface CouponPageBase {
  accountId: string;
  couponId: string;
  campaignId: string;
  content: CampaignContent;
  discount: Discount | null;
  rules: RedemptionRules;
  minimum: MinimumBasket | null;
  timezone: string;
  languageCode: string | undefined;
  from: Date;
  to: Date | null;
  /** When time alone changes the state next. */
  changesAt: Date | null;
  /** False = redemption could not be asked. */
  sure: boolean;
  /** Differs whenever the page would. */
  version: string;
}

/**
 * The face as of `now`. `owner`: redemption's word on the coupon, null when it could not be asked; then
 * issuance's own projection has to do, which never turns a spent coupon back into a good one.
 */
export function couponPageView(
  known: ReplyOf<typeof GetCouponPage>,
  owner: CouponState | null,
  now: Date,
): CouponPageView {
  const { coupon, campaign } = known;
  const { from, to } = validityOf(coupon, campaign);
  const offer = campaign.offers.find(({ id }) => id === coupon.offerId);
  const spent = redemptionState(coupon, owner);
  const early = now < from && from > new Date(coupon.issuedAt);
  const state = stateOf(spent.state, campaign.status, early, to !== null && now > to);
  const changesAt = state === 'early' ? from : state === 'valid' ? to : null;
  const base = {
    accountId: coupon.accountId,
    couponId: coupon.id,
    campaignId: campaign.id,
    content: { ...campaign.content, ...offer?.content },
    discount: offer?.discount ?? campaign.discount,
    rules: campaign.redemption,
    minimum: minimumBasketOf(campaign),
    timezone: campaign.timezone,
    languageCode: coupon.recipient.languageCode,
    from,
    to,
    changesAt,
    sure: owner !== null,
  };
  const version = digest([state, campaign.version, from, to, spent, coupon.offerId]);
  if (state === 'valid')
    return {
      ...base,
      version,
      state,
      code: coupon.code,
      codePrefix: prefixOf(campaign),
      barcode: campaign.barcode,
    };
  if (state === 'redeemed')
    return { ...base, version, state, redeemedAt: spent.at, place: spent.place, online: spent.online };
  return { ...base, version, state };
}

function stateOf(
  spent: string,
  status: Campaign['status'],
  early: boolean,
  expired: boolean,
): CouponPageView['state'] {
  if (spent === 'redeemed' || spent === 'voided') return spent;
  if (status === 'ended') return 'ended';
  if (status !== 'active') return 'paused';
  if (early) return 'early';
  return expired ? 'expired' : 'valid';
}

function redemptionState(coupon: Coupon, owner: CouponState | null) {
  // An owner who has not heard of the coupon has not spent it, but the projection may come from before a restore.
  if (owner && owner.state !== 'unknown')
    return {
      state: owner.state,
      at: owner.redeemedAt ? new Date(owner.redeemedAt) : null,
      place: owner.storeName ?? owner.storeId,
      online: owner.channel === 'online',
    };
  return {
    state: coupon.status,
    at: coupon.redeemedAt ? new Date(coupon.redeemedAt) : null,
    place: coupon.redeemedStoreId,
    online: false,
  };
}

function validityOf(coupon: Coupon, campaign: Campaign): { from: Date; to: Date | null } {
  const starts = [coupon.validFrom, campaign.validity.startsAt].filter((instant) => instant != null);
  const ends = [coupon.validTo, campaign.validity.endsAt].filter((instant) => instant != null);
  const instants = (list: string[]): number[] => list.map((instant) => Date.parse(instant));
  return {
    from: new Date(Math.max(...instants(starts))),
    to: ends.length > 0 ? new Date(Math.min(...instants(ends))) : null,
  };
}

const prefixOf = (campaign: Campaign): string =>
  campaign.codes.source === 'generated' ? campaign.codes.prefix : '';

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);

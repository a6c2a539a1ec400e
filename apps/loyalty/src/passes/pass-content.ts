import {
  minimumBasketOf,
  type Campaign,
  type CardDesign,
  type CouponState,
  type GetCouponPage,
  type ReplyOf,
} from '@tearoff/contracts';
import { discountWords, minimumWords } from './discount.words';
import type { Membership } from './memberships';
import { languageOf, texts } from './texts/texts';

export const passStates = ['valid', 'early', 'redeemed', 'voided', 'expired', 'paused', 'ended'] as const;
export type PassState = (typeof passStates)[number];

/** What a pass shows, whoever's wallet it is in. */
export interface PassContent {
  /** The campaign or the card, and its version. */
  of: { id: string; version: number };
  title: string;
  description?: string;
  terms?: string;
  /** What the basket has to come to, in words. */
  minimum?: string;
  color?: string;
  textColor?: string;
  imageUrl?: string;
  logoUrl?: string;
  timezone: string;
  code: string;
  barcode: Campaign['barcode'];
  state: PassState;
  from: Date | null;
  to: Date | null;
  /** When time alone changes the state next. */
  turnsAt: Date | null;
  languageCode?: string;
  membership: MembershipContent | null;
}

export interface MembershipContent {
  kind: 'points' | 'stamps';
  balance: number;
  pending: number;
  tier: string | null;
  name: string;
  number: string;
  rewards: readonly { name: string; cost: number }[];
  expiring: { points: number; at: string } | null;
}

/** The same judgement, in the same order, as the coupon's page and the till make. */
export function couponContent(
  { coupon, campaign }: ReplyOf<typeof GetCouponPage>,
  owner: CouponState,
  now: Date,
): PassContent {
  const offer = campaign.offers.find(({ id }) => id === coupon.offerId);
  const content = { ...campaign.content, ...offer?.content };
  const discount = offer?.discount ?? campaign.discount;
  const from = latest(coupon.validFrom, campaign.validity.startsAt);
  const to = earliest(coupon.validTo, campaign.validity.endsAt);
  const spent = owner.state === 'unknown' ? coupon.status : owner.state;
  // Good from the moment of issue is good now, whatever two machines' clocks say.
  const early = now < from && from > new Date(coupon.issuedAt);
  const state = stateOf(spent, campaign.status, early, to !== null && now > to);
  const { languageCode } = coupon.recipient;
  return {
    of: { id: campaign.id, version: campaign.version },
    title:
      content.title?.trim() ||
      discountWords(discount, languageCode) ||
      texts[languageOf(languageCode)].coupon,
    description: content.description,
    terms: content.terms,
    minimum: minimumWords(minimumBasketOf(campaign), languageCode),
    color: content.color,
    imageUrl: content.imageUrl,
    logoUrl: content.logoUrl,
    timezone: campaign.timezone,
    code: coupon.code,
    barcode: campaign.barcode,
    state,
    from,
    to,
    turnsAt: state === 'early' ? from : state === 'valid' ? to : null,
    languageCode,
    membership: null,
  };
}

export function cardContent({ card, member, enrolment }: Membership): PassContent {
  const design: CardDesign = card.design;
  return {
    of: { id: card.id, version: card.version },
    title: design.title?.trim() || card.name,
    description: design.description,
    terms: design.terms,
    color: design.color,
    textColor: design.textColor,
    imageUrl: design.imageUrl,
    logoUrl: design.logoUrl,
    timezone: card.timezone,
    code: enrolment.number,
    barcode: design.barcode ?? 'qrcode',
    state: card.active ? 'valid' : 'ended',
    from: null,
    to: null,
    turnsAt: null,
    languageCode: member.languageCode ?? undefined,
    membership: {
      kind: card.kind,
      balance: enrolment.balance,
      pending: enrolment.pending,
      tier: enrolment.tier,
      name: [member.firstName, member.lastName].filter(Boolean).join(' '),
      number: enrolment.number,
      rewards: card.rewards.map(({ name, cost }) => ({ name, cost })).sort((a, b) => a.cost - b.cost),
      expiring: enrolment.expiring,
    },
  };
}

function stateOf(spent: string, status: Campaign['status'], early: boolean, over: boolean): PassState {
  if (spent === 'redeemed' || spent === 'voided') return spent;
  if (status === 'ended') return 'ended';
  if (status !== 'active') return 'paused';
  if (early) return 'early';
  return over ? 'expired' : 'valid';
}

const instants = (texts: readonly (string | null | undefined)[]): number[] =>
  texts.filter((text) => text != null).map((text) => Date.parse(text));

const latest = (...texts: (string | null | undefined)[]): Date => new Date(Math.max(...instants(texts)));

function earliest(...texts: (string | null | undefined)[]): Date | null {
  const found = instants(texts);
  return found.length > 0 ? new Date(Math.min(...found)) : null;
}

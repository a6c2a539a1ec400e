import {
  parseDecimal,
  type Card,
  type CouponRedeemedItem,
  type EarningRule,
  type EventRecordedItem,
  type FieldError,
} from '@tearoff/contracts';
import { multiplied } from '../tiers/tier';

/** What an entry may say at most: what comes out larger is a mistake in a basket or a hostile event. */
const maxPoints = 1_000_000_000n;

type RuleOn<On extends EarningRule['on']> = Extract<EarningRule, { on: On }>;
type Redeemed = Pick<CouponRedeemedItem, 'campaignId' | 'basket'>;
type Recorded = Pick<EventRecordedItem, 'type' | 'params'>;

const isOfRedemption = (rule: EarningRule): rule is RuleOn<'redemption' | 'amount'> => rule.on !== 'event';

/** Whether anything could be earned by redeeming a coupon of this campaign. */
export const earnsByRedemption = ({ earning }: Card, campaignId: string): boolean =>
  earning.some((rule) => isOfRedemption(rule) && isOf(rule, campaignId));

export const earnsByEvent = ({ earning }: Card, type: string): boolean =>
  earning.some((rule) => rule.on === 'event' && rule.event === type);

export const pointsOfRedemption = (card: Card, tier: string | null, redeemed: Redeemed): number =>
  sumOf(card, tier, (rule) =>
    isOfRedemption(rule) && isOf(rule, redeemed.campaignId) ? redemptionPoints(rule, redeemed) : 0n,
  );

export const pointsOfEvent = (card: Card, tier: string | null, recorded: Recorded): number =>
  sumOf(card, tier, (rule) =>
    rule.on === 'event' && rule.event === recorded.type ? eventPoints(rule, recorded) : 0n,
  );

/** All that the card's rules give, each as its tier multiplies it. */
function sumOf(card: Card, tier: string | null, pointsOf: (rule: EarningRule) => bigint): number {
  const sum = card.earning.reduce((total, rule) => {
    const points = pointsOf(rule);
    return total + (rule.tiered === false ? points : multiplied(card, tier, points));
  }, 0n);
  return Number(sum < maxPoints ? sum : maxPoints);
}

const isOf = ({ campaignIds }: { campaignIds?: string[] }, campaignId: string): boolean =>
  campaignIds === undefined || campaignIds.includes(campaignId);

/** A till that names no currency means the rule's. */
function redemptionPoints(rule: RuleOn<'redemption' | 'amount'>, { basket }: Redeemed): bigint {
  if (rule.on === 'redemption') return BigInt(rule.points);
  if (basket?.total === undefined || (basket.currency ?? rule.currency) !== rule.currency) return 0n;
  const per = BigInt(rule.per);
  const product = BigInt(basket.total) * BigInt(rule.points);
  if (rule.rounding === 'up') return (product + per - 1n) / per;
  return rule.rounding === 'nearest' ? (2n * product + per) / (2n * per) : product / per;
}

/** What is no number above zero is worth nothing; parts of a point are dropped, once, of the exact product. */
function eventPoints({ points, times }: RuleOn<'event'>, recorded: Recorded): bigint {
  if (times === undefined) return BigInt(points);
  const product = parseDecimal(paramOf(recorded, times))?.times(points);
  if (!product?.greaterThan(0)) return 0n;
  return product.lessThan(maxPoints.toString()) ? BigInt(product.floor().toFixed()) : maxPoints;
}

const paramOf = ({ params }: Recorded, name: string): unknown =>
  Object.hasOwn(params, name) ? params[name] : undefined;

/**
 * Why rules of the card give nothing for the event, by the path of its parameter: what is no number cannot be
 * multiplied, and anyone who sends it has to learn of it.
 */
export function earningFaults(card: Card, recorded: Recorded): FieldError[] {
  const names = card.earning.flatMap((rule) =>
    rule.on === 'event' && rule.event === recorded.type && rule.times !== undefined ? [rule.times] : [],
  );
  return [...new Set(names)].flatMap((name) => {
    const value = paramOf(recorded, name);
    if (parseDecimal(value) !== null) return [];
    const message =
      value === undefined || value === null ? 'is missing' : 'must be a number such as 4.35, with a point';
    return [{ path: `/params/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, message }];
  });
}

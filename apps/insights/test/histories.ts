import {
  CampaignChanged,
  CouponIssued,
  CouponRedeemed,
  CouponVoided,
  DeliverySettled,
  CouponPageOpened,
  RedemptionReversed,
  TrafficCounted,
  type Campaign,
} from '@tearoff/contracts';
import {
  aCampaign,
  issuedOf,
  openedOf,
  redeemedOf,
  reversedOf,
  settledOf,
  trafficOf,
  voidedOf,
} from './builders';
import type { Told } from './world';

export type Random = () => number;

/** Mulberry32: the same seed, the same history. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const start = Date.parse('2027-03-01T10:00:00Z');

/** What could have happened to the coupons of one campaign, in the order in which it did. */
export function historyOf(accountId: string, coupons: number, random: Random): Told[] {
  const chance = (p: number): boolean => random() < p;
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)];
  let clock = start;
  const now = (): string => new Date((clock += Math.floor(random() * 3_600_000))).toISOString();
  const campaign: Campaign = aCampaign(accountId, { timezone: 'Europe/Kyiv' });
  const events: Told[] = [[CampaignChanged, campaign]];
  let views = 0;
  for (let n = 0; n < coupons; n++) {
    if (chance(0.3))
      events.push([
        TrafficCounted,
        trafficOf(campaign, { views: (views += 3), source: pick([{ ad: 'a' }, {}]) }),
      ]);
    const source = pick([null, { medium: 'tv' }, { medium: 'sms', ad: 'x' }]);
    const coupon = issuedOf(campaign, { source, issuedAt: now() });
    events.push([CouponIssued, coupon]);
    if (chance(0.5)) events.push([DeliverySettled, settledOf(coupon, 'sent')]);
    if (chance(0.3)) events.push([DeliverySettled, settledOf(coupon, pick(['delivered', 'failed']))]);
    if (chance(0.5)) events.push([CouponPageOpened, openedOf(coupon, now())]);
    if (chance(0.2)) events.push([CouponPageOpened, openedOf(coupon, now())]);
    for (let spent = chance(0.6); spent; spent = chance(0.5)) {
      const basket = pick([null, { total: Math.floor(random() * 9_000), currency: pick(['EUR', 'USD']) }]);
      const storeId = pick([null, 'london-1', 'kyiv-1']);
      const redemption = redeemedOf(coupon, { storeId, basket, redeemedAt: now() });
      events.push([CouponRedeemed, redemption]);
      if (chance(0.6)) break;
      events.push([RedemptionReversed, reversedOf(redemption, now())]);
      if (chance(0.3)) events.push([CouponVoided, voidedOf(coupon, now())]);
    }
  }
  events.push([CampaignChanged, { ...campaign, version: 2, timezone: 'Asia/Kathmandu' }]);
  return events;
}

/** In any order, some of it twice. */
export function disordered(events: readonly Told[], random: Random): Told[] {
  const all = [...events, ...events.filter(() => random() < 0.3)];
  return all
    .map((event) => ({ event, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event);
}

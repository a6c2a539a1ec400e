/** Everything the coupon's page says by itself, in one language. Arguments are words in that language already. */
export interface CouponPageTexts {
  /** Stands in for an offer without a title. */
  yourCoupon: string;
  off(discount: string): string;
  show: string;
  barcode: string;
  code: string;
  validThrough(day: string): string;
  validUntil(moment: string): string;
  validForever: string;
  /** `when`: "today", "tomorrow", "in 3 days". */
  ends(when: string): string;
  zone(name: string): string;
  live: string;
  terms: string;
  conditions: string;
  minBasket(amount: string): string;
  inStoreOnly: string;
  onlineOnly: string;
  boundedStores: string;
  onDays(days: string): string;
  atHours(from: string, to: string): string;
  redeemed: string;
  redeemedOn(moment: string): string;
  redeemedAt(place: string): string;
  redeemedOnline: string;
  voided: string;
  voidedSays: string;
  paused: string;
  pausedSays: string;
  early: string;
  earlySays(moment: string): string;
  earlyHint: string;
  expired: string;
  expiredThrough(day: string): string;
  expiredAt(moment: string): string;
  ended: string;
  endedSays: string;
  unknown: string;
  unknownSays: string;
  away: string;
  awaySays: string;
  again: string;
  apple: string;
  google: string;
}

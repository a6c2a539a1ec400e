/** A noun by plural category (CLDR), with `#` where its number goes. */
export type Counted = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Everything the card's page says by itself, in one language. Arguments are words in that language already. */
export interface CardTexts {
  /** Stands in for a card without a title. */
  yourCard: string;
  points: Counted;
  stamps: Counted;
  /** "7 of 10 stamps". */
  of(have: string, goal: string): string;
  tier(name: string): string;
  /** `amount`: "3 points". */
  pending(amount: string): string;
  /** Taken back after it was spent; what is collected next pays it. */
  debt(amount: string): string;
  expiring(amount: string, day: string): string;
  barcode: string;
  number: string;
  closed: string;
  closedSays: string;
  rewards: string;
  /** Within reach, for the asking. */
  reached: string;
  toGo(amount: string): string;
  own: string;
  /** Of a coupon that is open. */
  show: string;
  onItsWay: string;
  redeemed: string;
  voided: string;
  expired: string;
  history: string;
  award: string;
  spend: string;
  expire: string;
  reverse: string;
  apple: string;
  google: string;
  unknown: string;
  unknownSays: string;
  awaySays: string;
}

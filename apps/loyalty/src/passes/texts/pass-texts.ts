import type { PassState } from '../pass-content';

/**
 * What a pass says by itself, in one language. No quotation marks: Apple's string files know no other way to end a
 * text. `%@` stands for the field's new value.
 */
export interface PassTexts {
  points: string;
  stamps: string;
  pending: string;
  tier: string;
  member: string;
  number: string;
  next: string;
  rewards: string;
  offer: string;
  /** Of one that neither has a title nor says what it gives. */
  coupon: string;
  status: string;
  validUntil: string;
  /** What the basket has to come to. */
  minimum: string;
  expiring: string;
  code: string;
  about: string;
  terms: string;
  message: string;
  development: string;
  balanceChanged: string;
  tierChanged: string;
  states: Record<PassState, string>;
}

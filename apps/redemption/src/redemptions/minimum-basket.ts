import type { Validation } from '@tearoff/contracts';

/** Columns of `evaluated`: what the basket has to come to, and in which currency. */
export interface MinimumColumns {
  min_basket: string | null;
  min_currency: string | null;
}
type Minimum = Required<Pick<Validation, 'minBasket' | 'missing'>>;

/** What a till is told of the minimum: what it is, and what this basket lacks. */
export function minimumOf(
  { min_basket, min_currency: currency }: MinimumColumns,
  reason: string | null,
  total: number | null,
): Minimum {
  if (min_basket === null) return { minBasket: null, missing: null };
  const amount = Number(min_basket);
  const isKnown = reason === 'min_basket' && total !== null;
  return { minBasket: { amount, currency }, missing: isKnown ? { amount: amount - total, currency } : null };
}

const reasonsOfTheMinimum = ['min_basket', 'wrong_currency'];

/** The same, for a refusal; nothing where the reason is another. */
export const minimumOfRefusal = (
  columns: MinimumColumns,
  reason: string | null,
  total: number | null,
): Partial<Minimum> =>
  reason !== null && reasonsOfTheMinimum.includes(reason) ? minimumOf(columns, reason, total) : {};

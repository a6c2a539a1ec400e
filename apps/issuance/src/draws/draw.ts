import { randomInt } from 'node:crypto';
import type { Offer } from '@tearoff/contracts';

/** Of how many equally likely rolls a play draws one. */
const rolls = 1_000_000_000_000;
/** Weights count in millionths: 100 offers of the heaviest stay below the 2^48 that `randomInt` can do. */
const weightUnits = 1_000_000;

/** An integer from 0 to 10^12 − 1, each as likely as the others: `randomInt` casts again instead of folding. */
export const roll = (): number => randomInt(rolls);

export const isWin = (rolled: number, chance: number): boolean => rolled < Math.round(chance * rolls);

/** One of these by weight (1 by default, never one of 0), or null when none can be drawn. */
export function drawnOf(offers: readonly Offer[]): Offer | null {
  const drawable = offers.map((offer) => ({ offer, units: unitsOf(offer) })).filter(({ units }) => units > 0);
  const sum = drawable.reduce((total, { units }) => total + units, 0);
  if (sum === 0) return null;
  let rest = randomInt(sum);
  return drawable.find(({ units }) => (rest -= units) < 0)!.offer;
}

/** A weight above nothing is never rounded to nothing. */
const unitsOf = ({ weight = 1 }: Offer): number =>
  weight > 0 ? Math.max(1, Math.round(weight * weightUnits)) : 0;

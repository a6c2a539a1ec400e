import type { Card, Tiers } from '@tearoff/contracts';
import { endOfDayAfter, endOfYear, justAfter, monthsBefore } from '../expiry/calendar';

/** Points of one award, as far as they count. */
export interface Earned {
  points: number;
  at: Date;
}

type Level = Tiers['levels'][number];
type Rules = Pick<Card, 'tiers' | 'timezone'>;

const levelOf = ({ levels }: Tiers, sum: number): Level | undefined =>
  levels.findLast(({ from }) => from <= sum);

const rankOf = ({ levels }: Tiers, name: string | null): number =>
  levels.findIndex((level) => level.name === name);

/** Until when an award counts: to the end of a day as many months later, or of its calendar year. */
const countsUntil = ({ period }: Tiers, zone: string, at: Date): Date =>
  period === 'calendarYear' ? endOfYear(at, zone) : endOfDayAfter(at, period, zone);

/** Awards older than this count for nothing at that instant. */
export function periodBegins({ tiers }: Rules, at: Date): Date | null {
  if (!tiers) return null;
  return monthsBefore(at, tiers.period === 'calendarYear' ? 12 : tiers.period.months);
}

/** The tier at that instant of someone who was in `current` until then. */
export function tierAt(
  card: Rules,
  current: string | null,
  earned: readonly Earned[],
  at: Date,
): string | null {
  const { tiers, timezone } = card;
  if (!tiers) return null;
  const counted = earned.filter((award) => countsUntil(tiers, timezone, award.at) >= at);
  const reached = levelOf(tiers, sumOf(counted))?.name ?? null;
  const stays = tiers.down === 'never' && rankOf(tiers, current) > rankOf(tiers, reached);
  return stays ? current : reached;
}

/** When the period will first hold too little for `current`, if nothing more is earned. */
export function tierEndsAt(
  card: Rules,
  current: string | null,
  earned: readonly Earned[],
  at: Date,
): Date | null {
  const { tiers, timezone } = card;
  const level = tiers?.levels[rankOf(tiers, current)];
  if (!tiers || !level || level.from === 0 || tiers.down === 'never') return null;
  const leaving = earned
    .map(({ points, at: earnedAt }) => ({ points, until: countsUntil(tiers, timezone, earnedAt) }))
    .filter(({ until }) => until >= at)
    .sort((a, b) => a.until.getTime() - b.until.getTime());
  let sum = sumOf(leaving);
  for (const { points, until } of leaving) {
    sum -= points;
    if (sum < level.from) return justAfter(until);
  }
  return null;
}

/** What a tiered award of so many points is worth to someone in that tier. */
export function multiplied({ tiers }: Rules, current: string | null, points: bigint): bigint {
  const multiplier = (tiers && tiers.levels[rankOf(tiers, current)]?.multiplier) ?? 1;
  return (points * BigInt(Math.round(multiplier * 100))) / 100n;
}

const sumOf = (earned: readonly Pick<Earned, 'points'>[]): number =>
  earned.reduce((sum, { points }) => sum + points, 0);

import type { reportIntervals } from '@tearoff/contracts';
import { DateTime } from 'luxon';

export type Interval = (typeof reportIntervals)[number];

/** The first days of all intervals from the one that holds `from` to the one that holds `to`; at most `limit`. */
export function intervalsBetween(from: string, to: string, interval: Interval, limit: number): string[] {
  const days: string[] = [];
  let at = DateTime.fromISO(from, { zone: 'utc' }).startOf(interval);
  const last = DateTime.fromISO(to, { zone: 'utc' });
  for (; at <= last && days.length < limit; at = at.plus({ [interval]: 1 })) days.push(at.toISODate()!);
  return days;
}

import type { reportIntervals } from '@tearoff/contracts';
import { DateTime } from 'luxon';
import { maxLines, tooManyLines } from '../funnel/funnel.service';
import type { Span } from '../funnel/span';

export type Interval = (typeof reportIntervals)[number];

/** The first days of all intervals from the one that holds `from` to the one that holds `to`; at most `limit`. */
function intervalsBetween(from: string, to: string, interval: Interval, limit: number): string[] {
  const days: string[] = [];
  let at = DateTime.fromISO(from, { zone: 'utc' }).startOf(interval);
  const last = DateTime.fromISO(to, { zone: 'utc' });
  for (; at <= last && days.length < limit; at = at.plus({ [interval]: 1 })) days.push(at.toISODate()!);
  return days;
}

/** A line for each interval of the span, or of what happened where it is open; `nothing` where nothing did. */
export function everyInterval<T extends { day: string }>(
  happened: readonly T[],
  { from, to }: Span,
  interval: Interval,
  nothing: Omit<T, 'day'>,
): T[] {
  const first = from ?? happened[0]?.day;
  const last = to ?? happened.at(-1)?.day ?? from;
  if (first === undefined || last === undefined) return [];
  const days = intervalsBetween(first, last, interval, maxLines + 1);
  if (days.length > maxLines) throw tooManyLines();
  const byDay = new Map(happened.map((line) => [line.day, line]));
  return days.map((day) => byDay.get(day) ?? ({ day, ...nothing } as T));
}

import type { Limits } from '@tearoff/contracts';
import { DateTime } from 'luxon';

type Per = NonNullable<Limits['perRecipient']>['per'];

/** The calendar period, in that zone, within which a limit counts: `''` for the whole campaign, else `w2026-03-02`. */
export function periodOf(per: Per, now: Date, zone: string): string {
  if (per === 'campaign') return '';
  const start = DateTime.fromJSDate(now, { zone }).startOf(per);
  // The letter keeps a month apart from its first day when a campaign's limit is changed.
  return per[0] + start.toISODate()!;
}

/** The first instant of the period after the one that `now` is in; null when there is but one. */
export function nextPeriod(per: Exclude<Per, 'year'>, now: Date, zone: string): Date | null {
  if (per === 'campaign') return null;
  const next = DateTime.fromJSDate(now, { zone })
    .startOf(per)
    .plus({ [per]: 1 })
    .startOf(per);
  // Where clocks go back at midnight, that hour comes twice; the day begins with the first.
  const earlier = next.minus({ hours: 1 });
  return (earlier.toISODate() === next.toISODate() ? earlier : next).toJSDate();
}

/** The last instant that is written with a year of four digits, as ISO 8601 and the contracts have it. */
export const lastInstant = Date.UTC(10_000, 0, 1) - 1;

/** The last millisecond of the n-th day after that instant's day, in that zone; never after `lastInstant`. */
export function endOfDayAfter(instant: Date, days: number, zone: string): Date {
  const end = DateTime.fromJSDate(instant, { zone }).plus({ days }).endOf('day').toMillis();
  return new Date(Math.min(end, lastInstant));
}

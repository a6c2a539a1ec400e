import { DateTime } from 'luxon';

/** "Sunday 30 November 2025"; in `zone`. */
export function dayWords(instant: Date, zone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: zone }).format(instant);
}

/** "30 November 2025 at 14:05"; in `zone`. */
export function momentWords(instant: Date, zone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, momentFormat(zone)).format(instant);
}

/** Of `Intl.DateTimeFormat`, for a script that writes a moment as we do. */
export const momentFormat = (zone: string) =>
  ({ dateStyle: 'long', timeStyle: 'short', timeZone: zone }) as const;

/** The zone as people call it: "Ukraine Time". */
export function zoneWords(instant: Date, zone: string, locale: string): string {
  const parts = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    timeZoneName: 'longGeneric',
  }).formatToParts(instant);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/**
 * An end that falls on the end of a day, in `zone`, is that whole day: 23:59 of it as well as 00:00 of the
 * next. Null when it ends in the middle of a day.
 */
export function wholeLastDay(end: Date, zone: string): Date | null {
  const local = DateTime.fromJSDate(end, { zone });
  if (local.hour === 23 && local.minute === 59) return end;
  if (local.equals(local.startOf('day'))) return local.minus({ seconds: 1 }).toJSDate();
  return null;
}

/** Calendar days in `zone` from one instant to another: 0 = the same day. */
export function daysBetween(from: Date, to: Date, zone: string): number {
  const startOfDay = (instant: Date): DateTime => DateTime.fromJSDate(instant, { zone }).startOf('day');
  return Math.round(startOfDay(to).diff(startOfDay(from), 'days').days);
}

/** "today", "tomorrow", "in 3 days". */
export function inDays(days: number, locale: string): string {
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
}

/** ISO weekdays in words, runs joined: [1,2,3,4,5] → "Monday – Friday". */
export function weekdayWords(days: readonly number[], locale: string): string {
  const name = (day = 1): string =>
    // 1 January 2024 was a Monday.
    new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));
  const runs: number[][] = [];
  for (const day of [...new Set(days)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  const words = runs.flatMap((run) =>
    run.length > 2 ? [[run[0], run.at(-1)].map(name).join(' – ')] : run.map(name),
  );
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(words);
}

import { DateTime, Duration } from 'luxon';

const maxDays = 400;

/** What is wrong with an ISO 8601 duration, or null. */
export function durationFault(text: string): string | null {
  const duration = Duration.fromISO(text);
  if (!duration.isValid) return 'must be an ISO 8601 duration such as P3D or PT30M';
  const ms = duration.toMillis();
  if (ms <= 0) return 'must be longer than nothing';
  return ms > maxDays * 86_400_000 ? `must not be longer than ${maxDays} days` : null;
}

/** Days and longer by the calendar of that zone, hours and shorter by the clock. */
export const after = (instant: Date, duration: string, zone: string): Date =>
  DateTime.fromJSDate(instant, { zone }).plus(Duration.fromISO(duration)).toJSDate();

import { DateTime } from 'luxon';

/** The last instant that is written with a year of four digits, as ISO 8601 and the contracts have it. */
const lastInstant = Date.UTC(10_000, 0, 1) - 1;

type Span = { days: number } | { months: number };

/** The last millisecond, in that zone, of the day that comes so much after that instant's day. */
export function endOfDayAfter(instant: Date, span: Span, zone: string): Date {
  const end = DateTime.fromJSDate(instant, { zone }).plus(span).endOf('day').toMillis();
  return new Date(Math.min(end, lastInstant));
}

/** The same time of day, in that zone, so many days later; by the clock on the wall, whatever summer time does. */
export const daysLater = (instant: Date, days: number, zone: string): Date =>
  days === 0 ? instant : DateTime.fromJSDate(instant, { zone }).plus({ days }).toJSDate();

/** The last millisecond of that instant's calendar year in that zone. */
export const endOfYear = (instant: Date, zone: string): Date =>
  DateTime.fromJSDate(instant, { zone }).endOf('year').toJSDate();

/** No award before this instant can matter to a period of so many months that is looked at then. */
export const monthsBefore = (instant: Date, months: number): Date =>
  DateTime.fromJSDate(instant, { zone: 'UTC' }).minus({ months, days: 4 }).toJSDate();

/** The first millisecond after what lasts until then. */
export const justAfter = (instant: Date): Date => new Date(instant.getTime() + 1);

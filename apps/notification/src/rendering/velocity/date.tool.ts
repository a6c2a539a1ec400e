import { DateTime, type DurationLikeObject } from 'luxon';
import type { Method } from './velocity.methods';
import type { Tool } from './velocity.tools';
import { numberOf, type Value } from './velocity.values';

const dayOnly = /^\d{4}-\d{2}-\d{2}$/;

/** ISO 8601, `2027-01-31 18:30:00`, or milliseconds since 1970; in UTC unless it names its zone. */
function dateOf(value: Value): DateTime | undefined {
  if (typeof value !== 'string' || value.length > 40) {
    const number = typeof value === 'number' ? numberOf(value) : undefined;
    return number === undefined || Math.abs(number) > 8.64e15
      ? undefined
      : DateTime.fromMillis(number, { zone: 'utc' });
  }
  if (/^\d{9,16}$/.test(value)) return DateTime.fromMillis(Number(value), { zone: 'utc' });
  if (!/^\d{4}-/.test(value)) return undefined;
  const read = DateTime.fromISO(value.trim().replace(' ', 'T'), { zone: 'utc', setZone: true });
  return read.isValid ? read : undefined;
}

/** In the shape that the date came in: a day stays a day. */
const like = (given: Value, date: DateTime): Value =>
  typeof given === 'string' && dayOnly.test(given) ? date.toISODate() : date.toISO();

const adding =
  (unit: keyof DurationLikeObject): Method =>
  ([given, count]) => {
    const [date, number] = [dateOf(given), numberOf(count)];
    if (!date || number === undefined || Math.abs(number) > 1e6) return undefined;
    const moved = date.plus({ [unit]: Math.trunc(number) });
    return moved.isValid ? like(given, moved) : undefined;
  };

/** Letters as Java and Unicode have them, of which those here mean the same to both; at most 50. */
const formatted = (date: DateTime, pattern: Value, zone: Value, language: Value): Value => {
  if (typeof pattern !== 'string' || pattern.length > 50) return undefined;
  const local = typeof zone === 'string' ? date.setZone(zone) : date;
  if (!local.isValid) return undefined;
  const locale =
    typeof language === 'string' && /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/.test(language) ? language : 'en';
  return local
    .setLocale(locale.replaceAll('_', '-'))
    .toFormat(pattern.replaceAll('aa', 'a').replace(/E{1,3}(?!E)/g, 'EEE'));
};

const units: readonly Value[] = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'];

/**
 * Dates are texts (ISO 8601) or milliseconds. `formatDate(date, pattern, zone?, language?)`, also with the pattern
 * first; `diff(from, to, unit?)`: whole days unless told.
 */
export const dateTool: Tool = new Map<string, Method>([
  [
    'currentDate',
    ([pattern, zone]) => {
      const now = DateTime.utc();
      return pattern === undefined ? now.toISODate() : formatted(now, pattern, zone, undefined);
    },
  ],
  ['currentTimeStamp', () => Date.now()],
  [
    'formatDate',
    ([first, second, zone, language]) => {
      const date = dateOf(first);
      if (date) return formatted(date, second, zone, language);
      const other = dateOf(second);
      return other && formatted(other, first, zone, language);
    },
  ],
  ['addYears', adding('years')],
  ['addMonths', adding('months')],
  ['addDays', adding('days')],
  ['addHours', adding('hours')],
  ['addMinutes', adding('minutes')],
  [
    'diff',
    ([first, second, unit = 'days']) => {
      const [from, to] = [dateOf(first), dateOf(second)];
      if (!from || !to || !units.includes(unit)) return undefined;
      return Math.trunc(to.diff(from, unit as 'days').as(unit as 'days')) || 0;
    },
  ],
]);

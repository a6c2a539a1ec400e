import type { DateTime, DurationLikeObject } from 'luxon';
import { dateOfMillis, dateOfText, nowIn, type Zone } from '../clock';
import type { Method } from './velocity.methods';
import type { Tool } from './velocity.tools';
import { numberOf, type Value } from './velocity.values';

const dayOnly = /^\d{4}-\d{2}-\d{2}$/;

/** A text as `dateOfText` reads it, or milliseconds since 1970. */
function dateOf(value: Value, zone: Zone): DateTime | undefined {
  if (typeof value === 'string')
    return /^\d{9,16}$/.test(value) ? dateOfMillis(Number(value), zone) : dateOfText(value, zone);
  const number = typeof value === 'number' ? numberOf(value) : undefined;
  return number === undefined ? undefined : dateOfMillis(number, zone);
}

/** In the shape that the date came in: a day stays a day. */
const like = (given: Value, date: DateTime): Value =>
  typeof given === 'string' && dayOnly.test(given) ? date.toISODate() : date.toISO();

const adding =
  (unit: keyof DurationLikeObject, zone: Zone): Method =>
  ([given, count]) => {
    const [date, number] = [dateOf(given, zone), numberOf(count)];
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
 * Dates are texts or milliseconds. `formatDate(date, pattern, zone?, language?)`, also with the pattern first, in the
 * message's zone by default; `diff(from, to, unit?)`: whole days by default.
 */
export const dateToolIn = (zone: Zone): Tool =>
  new Map<string, Method>([
    [
      'currentDate',
      ([pattern, own]) => {
        const now = nowIn(zone);
        return pattern === undefined ? now.toISODate() : formatted(now, pattern, own, undefined);
      },
    ],
    ['currentTimeStamp', () => Date.now()],
    [
      'formatDate',
      ([first, second, own, language]) => {
        const date = dateOf(first, zone);
        if (date) return formatted(date, second, own, language);
        const other = dateOf(second, zone);
        return other && formatted(other, first, own, language);
      },
    ],
    ['addYears', adding('years', zone)],
    ['addMonths', adding('months', zone)],
    ['addDays', adding('days', zone)],
    ['addHours', adding('hours', zone)],
    ['addMinutes', adding('minutes', zone)],
    [
      'diff',
      ([first, second, unit = 'days']) => {
        const [from, to] = [dateOf(first, zone), dateOf(second, zone)];
        if (!from || !to || !units.includes(unit)) return undefined;
        return Math.trunc(to.diff(from, unit as 'days').as(unit as 'days')) || 0;
      },
    ],
  ]);

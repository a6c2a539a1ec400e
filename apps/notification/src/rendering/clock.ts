import { DateTime } from 'luxon';

/** The zone in which a message's dates are shown: its campaign's; undefined = each date in its own. */
export type Zone = string | undefined;

const usable = (date: DateTime): DateTime | undefined => (date.isValid ? date : undefined);

const dayFirst = /^(\d{1,2})([./])(\d{1,2})\2(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const yearFirst = /^\d{4}([-/])\d{2}\1\d{2}(?:[T ]|$)/;
/** `28 March 2027`, `Mar 28, 2027 10:30 am`: what else is a date to JavaScript is a guess (`Room 12` is a day in 2001). */
const named =
  /^[a-z]{3,9},? \d{1,2},? \d{4}\b|^(?:[a-z]{3,9},? )?\d{1,2}(?:st|nd|rd|th)? [a-z]{3,9},? \d{4}\b/i;

/**
 * The date that both engines read of a text: ISO 8601, with a blank for its `T` or slashes for its hyphens, day first with
 * dots or slashes (`28.03.2027 10:30`), with the month's English name, or as mails have it (RFC 2822). In `zone` where
 * there is one, else at its own offset; UTC where it names none. A time that names no zone is read in that zone, so it
 * and a bare day come out as they went in. Undefined for what is no date.
 */
export function dateOfText(text: string, zone: Zone): DateTime | undefined {
  const given = text.trim();
  if (given.length > 60) return undefined;
  const options = zone === undefined ? { zone: 'utc', setZone: true } : { zone };
  if (yearFirst.test(given))
    return usable(
      DateTime.fromISO(
        given
          .replaceAll('/', '-')
          .replace(/ (?=\d)/, 'T')
          .replace(/ (?=[+-])/, ''),
        options,
      ),
    );
  const [, day, , month, year, hour = '0', minute = '0', second = '0'] = dayFirst.exec(given) ?? [];
  if (day !== undefined) {
    const [d, m, y, h, min, s] = [day, month, year, hour, minute, second].map(Number);
    return usable(
      DateTime.fromObject(
        { year: y, month: m, day: d, hour: h, minute: min, second: s },
        { zone: zone ?? 'utc' },
      ),
    );
  }
  if (!named.test(given)) return undefined;
  const mail = DateTime.fromRFC2822(given, options);
  if (mail.isValid) return mail;
  // Read as UTC, then taken for the time that it shows: the zone of this machine must not matter.
  const plain = new Date(`${given.replace(/(\d)(st|nd|rd|th)\b/, '$1')} UTC`).getTime();
  return usable(DateTime.fromMillis(plain, { zone: 'utc' }).setZone(zone ?? 'utc', { keepLocalTime: true }));
}

export const dateOfMillis = (millis: number, zone: Zone): DateTime | undefined =>
  Math.abs(millis) <= 8.64e15 ? usable(DateTime.fromMillis(millis, { zone: zone ?? 'utc' })) : undefined;

export const nowIn = (zone: Zone): DateTime => DateTime.now().setZone(zone ?? 'utc');

import { DateTime } from 'luxon';
import { lastInstant } from '../recipients/calendar';

/** `validTo`: null = the code has no end of its own. */
export type CodeExpiry = { validTo: Date | null } | { fault: string };

const none = /^(never|none|null|n\/?a|unlimited|no expiry|[-\u2013\u2014])?$/i;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const time = String.raw`(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]m)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?`;
const day = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;
const forms: readonly { pattern: RegExp; order: readonly ('year' | 'month' | 'day' | 'either')[] }[] = [
  {
    pattern: new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${time}$`, 'i'),
    order: ['year', 'month', 'day'],
  },
  { pattern: new RegExp(`^(\\d{4})(\\d{2})(\\d{2})${time}$`, 'i'), order: ['year', 'month', 'day'] },
  // With dots the day comes first wherever dates are written so.
  {
    pattern: new RegExp(`^(\\d{1,2})\\.\\s?(\\d{1,2})\\.\\s?(\\d{4})${time}$`, 'i'),
    order: ['day', 'month', 'year'],
  },
  {
    pattern: new RegExp(`^(\\d{1,2})[-/](\\d{1,2})[-/](\\d{4})${time}$`, 'i'),
    order: ['either', 'either', 'year'],
  },
  {
    pattern: new RegExp(`^${day}[ .-]+([a-z]{3,9})[ .,-]+(\\d{4})${time}$`, 'i'),
    order: ['day', 'month', 'year'],
  },
  {
    pattern: new RegExp(`^([a-z]{3,9})[ .]+${day},? +(\\d{4})${time}$`, 'i'),
    order: ['month', 'day', 'year'],
  },
];

/**
 * When a code of a file ends. A date means the end of that day in `zone`, a time without its own zone is one of `zone`.
 * What can be read as two dates is refused: a code that ends a month too early is seen only at the till.
 */
export function readExpiry(text: string, zone: string): CodeExpiry {
  const written = text.normalize('NFKC').replace(/^'/, '').trim();
  if (none.test(written)) return { validTo: null };
  for (const { pattern, order } of forms) {
    const found = pattern.exec(written);
    if (found) return expiryOf(found, order, zone);
  }
  if (/^\d{5}([.,]\d+)?$/.test(written))
    return { fault: 'is a number by which a spreadsheet counts days. Format the column as a date' };
  if (/^\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}$/.test(written))
    return { fault: 'has a year of two digits. Write it as 2027-04-30' };
  return { fault: 'cannot be read as a date. Write it as 2027-04-30' };
}

function expiryOf(found: RegExpExecArray, order: readonly string[], zone: string): CodeExpiry {
  const [, ...parts] = found;
  const [first, second] = parts.slice(0, 2).map(Number);
  const named: Record<string, number> = {};
  if (order[0] === 'either') {
    if (first <= 12 && second <= 12 && first !== second)
      return { fault: 'can be read as two dates. Write it as 2027-04-30' };
    Object.assign(named, first > 12 ? { day: first, month: second } : { month: first, day: second });
    named.year = Number(parts[2]);
  } else
    order.forEach(
      (name, index) => (named[name] = name === 'month' ? monthOf(parts[index]) : Number(parts[index])),
    );
  const [hour, minute, seconds, half, offset] = parts.slice(3);
  const date = DateTime.fromObject(named, { zone: offset ? zoneOf(offset) : zone });
  const clock = hour === undefined ? undefined : clockOf(hour, minute, seconds, half);
  if (clock === null) return { fault: 'is no time of day' };
  const end = clock ? date.set(clock) : date.endOf('day');
  const at = end.toMillis();
  if (!end.isValid || at < 0 || at > lastInstant) return { fault: 'is no day of the calendar' };
  return { validTo: new Date(at) };
}

const monthOf = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) : months.indexOf(text.slice(0, 3).toLowerCase()) + 1;

const zoneOf = (offset: string): string =>
  /^[+-]/.test(offset) ? `UTC${offset.replace(/:?(\d{2})$/, ':$1')}` : 'UTC';

/** Null where it is no time of day. */
function clockOf(hour: string, minute: string, second = '0', half?: string) {
  const written = Number(hour);
  const twelve = half === undefined ? written : (written % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  const isHour = half === undefined ? written < 24 : written >= 1 && written <= 12;
  if (!isHour || Number(minute) > 59 || Number(second) > 59) return null;
  return { hour: twelve, minute: Number(minute), second: Number(second), millisecond: 0 };
}

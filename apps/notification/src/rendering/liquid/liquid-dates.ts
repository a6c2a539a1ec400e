import { filters, type Liquid } from 'liquidjs';
import type { DateTime } from 'luxon';
import { dateOfMillis, dateOfText, nowIn, type Zone } from '../clock';

type FilterHandler = Extract<Parameters<Liquid['registerFilter']>[1], (...args: never[]) => unknown>;

const zoneKey = Symbol('zone');

/** A message's zone on its way to the filters: templates read names, and no name is a symbol. */
export const withZone = (zone: Zone): object => ({ [zoneKey]: zone });

/** Liquid's numbers are seconds since 1970; so large that they would be after the year 5138, they are milliseconds. */
function dateOf(value: unknown, zone: Zone): DateTime | undefined {
  if (value === 'now' || value === 'today') return nowIn(zone);
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number')
    return dateOfMillis(Math.abs(number) < 1e11 ? number * 1_000 : number, zone);
  return typeof value === 'string' ? dateOfText(value, zone) : undefined;
}

const names = [
  'date',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
] as const;

/**
 * The date filters by the clock of both engines. The library's own read a date in the zone of this machine; they are given
 * the date with the offset at which it is to be shown, which they keep (`preserveTimezones`). What is no date is printed
 * as it is, as in Liquid. A third argument of `date` is a zone or an offset in minutes, as the library has it.
 */
export function registerDates(liquid: Liquid): void {
  for (const name of names) {
    const original = filters[name] as unknown as (this: unknown, ...args: unknown[]) => unknown;
    const handler: FilterHandler = function (value: unknown, ...args: unknown[]) {
      const { [zoneKey]: zone } = this.context.globals as { [zoneKey]?: string };
      const date = dateOf(value, zone);
      return date ? original.call(this, date.toISO(), ...args) : value;
    };
    liquid.registerFilter(name, handler);
  }
}

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { LRUCache } from 'lru-cache';
import { IANAZone } from 'luxon';

/** `timeZones` up to Node 22, `getTimeZones()` after. */
type LocaleWithZones = Intl.Locale & { timeZones?: string[]; getTimeZones?: () => string[] | undefined };

const zones = new Map<string, readonly string[]>();
const agreed = new LRUCache<string, { zone: string | null }>({ max: 1_000 });

/**
 * The time zone of an E.164 number's country, if all of the country has the same time at that instant; null for
 * the many zones of some countries, and for numbers of no country (+800).
 */
export function zoneOfPhone(phone: string, at = new Date()): string | null {
  const country = parsePhoneNumberFromString(phone)?.country;
  if (!country) return null;
  // Offsets change at most on the quarter of an hour.
  const quarter = Math.floor(at.getTime() / 900_000);
  const key = `${country} ${quarter}`;
  let found = agreed.get(key);
  if (!found) {
    const all = zonesOf(country);
    const offsets = new Set(all.map((zone) => IANAZone.create(zone).offset(at.getTime())));
    found = { zone: offsets.size === 1 ? all[0] : null };
    agreed.set(key, found);
  }
  return found.zone;
}

function zonesOf(country: string): readonly string[] {
  let found = zones.get(country);
  if (!found) {
    const locale = new Intl.Locale(`und-${country}`) as LocaleWithZones;
    found = locale.getTimeZones?.() ?? locale.timeZones ?? [];
    zones.set(country, found);
  }
  return found;
}

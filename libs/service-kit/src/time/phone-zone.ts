import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { LRUCache } from 'lru-cache';
import { IANAZone } from 'luxon';

/** `timeZones` up to Node 22, `getTimeZones()` after. */
type LocaleWithZones = Intl.Locale & { timeZones?: string[]; getTimeZones?: () => string[] | undefined };

const zonesByCountry = new Map<string, readonly string[]>();
const sharedZones = new LRUCache<string, { zone: string | null }>({ max: 1_000 });

/**
 * The IANA time zone of an E.164 number's country when all zones of that country have the same offset at that instant;
 * null for countries with several offsets, and for numbers of no country (+800).
 */
export function zoneOfPhone(phone: string, at = new Date()): string | null {
  const country = parsePhoneNumberFromString(phone)?.country;
  if (!country) return null;
  // Offsets change at most every quarter of an hour.
  const quarter = Math.floor(at.getTime() / 900_000);
  const key = `${country} ${quarter}`;
  let shared = sharedZones.get(key);
  if (!shared) {
    const zones = zonesOf(country);
    const offsets = new Set(zones.map((zone) => IANAZone.create(zone).offset(at.getTime())));
    shared = { zone: offsets.size === 1 ? zones[0] : null };
    sharedZones.set(key, shared);
  }
  return shared.zone;
}

function zonesOf(country: string): readonly string[] {
  let zones = zonesByCountry.get(country);
  if (!zones) {
    const locale = new Intl.Locale(`und-${country}`) as LocaleWithZones;
    zones = locale.getTimeZones?.() ?? locale.timeZones ?? [];
    zonesByCountry.set(country, zones);
  }
  return zones;
}

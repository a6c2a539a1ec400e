import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { IANAZone } from 'luxon';

/** `timeZones` up to Node 22, `getTimeZones()` after. */
type LocaleWithZones = Intl.Locale & { timeZones?: string[]; getTimeZones?: () => string[] | undefined };

const zonesByCountry = new Map<CountryCode, readonly IANAZone[]>();

/**
 * The zone of an E.164 number's country where all of that country's clocks agree at that instant; null for large
 * countries, and for numbers of none (+800).
 */
export function zoneOfPhone(phone: string, at: Date): string | null {
  const country = parsePhoneNumberFromString(phone)?.country;
  const [first, ...others] = country ? zonesOf(country) : [];
  const agree = others.every((zone) => zone.offset(at.getTime()) === first.offset(at.getTime()));
  return first && agree ? first.name : null;
}

function zonesOf(country: CountryCode): readonly IANAZone[] {
  let zones = zonesByCountry.get(country);
  if (!zones) {
    const locale = new Intl.Locale(`und-${country}`) as LocaleWithZones;
    const names = locale.getTimeZones?.() ?? locale.timeZones ?? [];
    zones = names.map((name) => IANAZone.create(name));
    zonesByCountry.set(country, zones);
  }
  return zones;
}

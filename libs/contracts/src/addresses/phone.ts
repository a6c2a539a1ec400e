import { parsePhoneNumberFromString, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max';
import { renumberedOf } from './national-numbers';
import { hasControls, plainText } from './plain-text';

// Numbers that regulators keep for film and print (Ofcom, Arcep): no one has them, so they are what
// examples are written with. libphonenumber calls them unassigned.
const fictional = /^\+(447700900\d{3}|33(19900|26191|35301|46571|53649|63998)\d{4})$/;

/** A valid number in any spelling, or null. `country` (ISO 3166-1): how to read one without its country code. */
export function phoneNumberOf(text: string, country?: string): PhoneNumber | null {
  if (hasControls(text)) return null;
  const spelling = /^\+?\d+$/.test(text) ? text : asciiSpelling(text);
  // 00 is how most of the world dials out; a country that dials otherwise (US: 011) may still have been told it.
  const international = spelling.replace(/^00/, '+');
  const isInternational = international !== spelling;
  if (isInternational && !country) return parsed(international);
  return parsed(spelling, country) ?? (isInternational ? parsed(international) : null);
}

/** E.164 of a valid number in any spelling, or null. */
export const phoneOf = (text: string, country?: string): string | null =>
  phoneNumberOf(text, country)?.number ?? null;

/** E.164 of a number that is known to name its country, so that its `+` may be missing, or null. */
export function internationalPhoneOf(text: string): string | null {
  const spelling = asciiSpelling(text);
  return phoneOf(/^(\+|00)/.test(spelling) ? text : `+${spelling}`);
}

function parsed(spelling: string, country?: string): PhoneNumber | null {
  const number = parsePhoneNumberFromString(spelling, {
    defaultCountry: country as CountryCode | undefined,
    extract: false,
  });
  if (!number || number.isValid() || fictional.test(number.number)) return number ?? null;
  const renumbered = renumberedOf(number.countryCallingCode, number.nationalNumber);
  const now = renumbered === null ? undefined : parsePhoneNumberFromString(renumbered);
  return now?.isValid() ? now : null;
}

/** With the digits, dashes, dots and slashes of ASCII: libphonenumber reads but a few of the others. */
const asciiSpelling = (text: string): string =>
  plainText(text)
    .replace(/^tel:\s*/i, '')
    .replace(/\p{Nd}/gu, digit)
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/[\u00b7\u2022\u2027\u30fb]/g, '.')
    .replace(/[\u2044\u2215]/g, '/')
    .replace(/\s/g, ' ')
    // Libphonenumber takes a plus as the first character alone.
    .replace(/^[([]\s*(\+\d+)\s*[)\]]/, '$1 ');

/** The ten digits of a script follow one another, nought first. */
function digit(character: string): string {
  const codePoint = character.codePointAt(0)!;
  if (codePoint < 0x80) return character;
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(codePoint - value - 1))) value++;
  return String(value);
}

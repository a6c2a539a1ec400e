import { domainToASCII } from 'node:url';
import { parsePhoneNumberFromString, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max';

// One spelling, to the letter, everywhere: a suppression of another one would hold nothing back.

// Numbers that regulators keep for film and print (Ofcom, Arcep): nobody has them, so they are what
// examples are written with. libphonenumber calls them unassigned.
const fictional = /^\+(447700900\d{3}|33(19900|26191|35301|46571|53649|63998)\d{4})$/;

// Phones' contact books and messengers wrap a number in marks of its direction, which travel along when it is copied.
const invisible = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** A valid number in any spelling, or null. `country` (ISO 3166-1): how to read one without its country code. */
export function phoneNumberOf(text: string, country?: string): PhoneNumber | null {
  const spelling = text.replace(invisible, '').trim().replace(/^tel:/i, '');
  // 00 is how most of the world dials out; without a country there is no other way to read it.
  const international = country ? spelling : spelling.replace(/^00/, '+');
  const number = parsePhoneNumberFromString(international, {
    defaultCountry: country as CountryCode | undefined,
    extract: false,
  });
  return number && (number.isValid() || fictional.test(number.number)) ? number : null;
}

/** E.164 of a valid number in any spelling, or null. */
export const phoneOf = (text: string, country?: string): string | null =>
  phoneNumberOf(text, country)?.number ?? null;

const local = /^[^\s\p{Cc}@"(),:;<>[\\\]]+$/u;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The address case-folded, its domain in ASCII (IDNA), or null when nothing could be delivered to it. */
export function emailOf(text: string): string | null {
  const address = text.trim().normalize('NFC').toLowerCase();
  const at = address.lastIndexOf('@');
  if (at < 1) return null;
  const name = address.slice(0, at);
  const domain = domainToASCII(address.slice(at + 1));
  const labels = domain.split('.');
  const top = labels.at(-1)!;
  if (name.length > 64 || domain.length > 253 || labels.length < 2) return null;
  if (!local.test(name) || name.startsWith('.') || name.endsWith('.') || name.includes('..')) return null;
  return labels.every((part) => label.test(part)) && !/^\d+$/.test(top) ? `${name}@${domain}` : null;
}

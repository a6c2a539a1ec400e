import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';

// Numbers that regulators keep for film and print (Ofcom, Arcep): nobody has them, so they are what
// examples are written with. libphonenumber calls them unassigned.
const fictional = /^\+(447700900\d{3}|33(19900|26191|35301|46571|53649|63998)\d{4})$/;

/** E.164 of a valid number in any spelling, or null. `country`: how to read one without its country code. */
export function phoneOf(text: string, country?: string): string | null {
  const spelling = text.trim().replace(/^tel:/i, '');
  // 00 is how most of the world dials out; without a country there is no other way to read it.
  const international = country ? spelling : spelling.replace(/^00/, '+');
  const number = parsePhoneNumberFromString(international, {
    defaultCountry: country as CountryCode | undefined,
    extract: false,
  });
  if (!number) return null;
  return number.isValid() || fictional.test(number.number) ? number.number : null;
}

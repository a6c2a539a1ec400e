import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** What no font draws, and what travels along when an address is copied. */
const invisible = ['\u200b', '\u200e', '\u061c', '\u2060', '\ufeff', '\u00ad', '\ufe0f', '\u3164', '\u200d'];
const spaces = [' ', '\u00a0', '\u2009', '\u3000', '\u202f'];
const separators = [
  ...spaces,
  '-',
  '\u2010',
  '\u2011',
  '\u2013',
  '\u2212',
  '\uff0d',
  '.',
  '\uff0e',
  '/',
  ' - ',
];
/** The noughts of ASCII, full width, Arabic-Indic, Persian, Devanagari, Thai and Bengali digits. */
const noughts = [0x30, 0xff10, 0x660, 0x6f0, 0x966, 0xe50, 0x9e6];
/** Of the API's own limit on phone numbers. */
const longest = 50;

export interface PhoneSpelling {
  text: string;
  /** How to read it, where it does not name its country itself. */
  country?: string;
}

/**
 * Any way to write these E.164 numbers: national (`country` is told then) or international, as RFC 3966 or with 00, with
 * any separators, in digits of any script, with characters between them that cannot be seen. `old`: forms that
 * libphonenumber does not know any more, written with their country code.
 */
export function phoneSpellings(
  numbers: readonly string[],
  { international = false, old = [] }: { international?: boolean; old?: readonly string[] } = {},
): fc.Arbitrary<PhoneSpelling> {
  const written = numbers.flatMap((number): PhoneSpelling[] => {
    const phone = parsePhoneNumberFromString(number)!;
    const forms = [number, phone.formatInternational(), phone.format('RFC3966'), `00${number.slice(1)}`];
    const told = forms.map((text) => ({ text }));
    return international ? told : [...told, { text: phone.formatNational(), country: phone.country }];
  });
  return fc
    .record({
      form: fc.constantFrom(...written, ...old.map((text): PhoneSpelling => ({ text }))),
      nought: fc.constantFrom(...noughts),
      plus: fc.constantFrom('+', '\uff0b', '\ufe62'),
      separators: fc.array(fc.constantFrom(...separators), { minLength: 1, maxLength: 6 }),
      hidden: fc.array(fc.tuple(fc.nat(60), fc.constantFrom(...invisible)), { maxLength: 4 }),
      around: fc.tuple(fc.constantFrom('', ...spaces), fc.constantFrom('', ...spaces)),
    })
    .map(({ form, nought, plus, separators: between, hidden, around }) => {
      let place = 0;
      const text = form.text
        .replace(/(?<!^)[ -]/g, () => between[place++ % between.length])
        .replace(/\d/g, (digit) => String.fromCodePoint(nought + Number(digit)))
        .replace('+', plus);
      return { ...form, text: around[0] + hide(text, hidden) + around[1] };
    })
    .filter(({ text }) => text.length <= longest);
}

/** Any way to write this address of ASCII: in any case, in full width, with characters that cannot be seen. */
export const emailSpellings = (email: string): fc.Arbitrary<string> =>
  fc
    .record({
      capitals: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      wide: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
      hidden: fc.array(fc.tuple(fc.nat(40), fc.constantFrom(...invisible)), { maxLength: 4 }),
      around: fc.constantFrom(['', ''], [' ', '\t'], ['\u3000', '\u2009'], ['\u202a', '\u202c']),
    })
    .map(({ capitals, wide, hidden, around }) => {
      const text = [...email]
        .map((character, at) => (capitals[at % capitals.length] ? character.toUpperCase() : character))
        .map((character, at) =>
          wide[at % wide.length] ? String.fromCodePoint(character.codePointAt(0)! + 0xfee0) : character,
        )
        .join('');
      return around[0] + hide(text, hidden) + around[1];
    });

/** With these characters at these places, the places counted round. */
const hide = (text: string, hidden: readonly (readonly [number, string])[]): string =>
  hidden.reduce((said, [at, character]) => {
    const place = at % (said.length + 1);
    return said.slice(0, place) + character + said.slice(place);
  }, text);

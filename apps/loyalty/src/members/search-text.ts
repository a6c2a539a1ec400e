import { plainText } from '@tearoff/contracts';
import type { Names } from './member-names';

type Found = Names & { id: string; firstName: string | null; lastName: string | null };

/** Letters that Unicode takes for letters of their own, as anyone who lacks them on the keyboard types them. */
const plain: Record<string, string> = {
  æ: 'ae',
  ð: 'd',
  đ: 'd',
  ħ: 'h',
  ł: 'l',
  ŋ: 'n',
  ø: 'o',
  œ: 'oe',
  ŧ: 't',
  þ: 'th',
  ə: 'e',
};

/** By way of capitals, where ß is SS and a dotless ı is I; of the two small sigmas one. */
const withoutCase = (text: string): string =>
  text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');

/**
 * What is searched and what is searched for, alike: without case and accents, and what is not ASCII then spelt by its
 * code point: where a database's locale is C, as that of the embedded one, a trigram index passes over any other letter.
 */
export const folded = (text: string): string =>
  withoutCase(plainText(text).normalize('NFKD').replace(/\p{M}/gu, '')).replace(
    /[^\0-\x7f]/gu,
    (letter) => plain[letter] ?? `u${letter.codePointAt(0)!.toString(36)}`,
  );

/**
 * What they are found by, a line each: nothing that is typed spans two. Of their own id only what is random: half a
 * million members have begun with the same characters.
 */
export const searchText = ({ id, firstName, lastName, phone, email, externalId }: Found): string =>
  [[firstName, lastName].filter(Boolean).join(' '), email, phone, externalId, id.slice(-16)]
    .filter(Boolean)
    .map((text) => folded(text!).replaceAll('\n', ' '))
    .join('\n');

import type { Names } from './member-names';

type Found = Names & { id: string; firstName: string | null; lastName: string | null };

/**
 * Without case and accents, and what is not ASCII spelt by its code point: where a database's locale is C, as that of
 * the embedded one, a trigram index passes over any other letter.
 */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\0-\x7f]/gu, (character) => `u${character.codePointAt(0)!.toString(36)}`);

/**
 * What she is found by, a line each: nothing that is typed spans two. Of her own id only what is random: half a
 * million members have begun with the same characters.
 */
export const searchText = ({ id, firstName, lastName, phone, email, externalId }: Found): string =>
  [[firstName, lastName].filter(Boolean).join(' '), email, phone, externalId, id.slice(-16)]
    .filter(Boolean)
    .map((text) => folded(text!).replaceAll('\n', ' '))
    .join('\n');

/** The pattern for LIKE that finds `q` anywhere. */
export const patternOf = (q: string): string =>
  `%${folded(q)
    .replaceAll('\n', ' ')
    .replace(/[\\%_]/g, '\\$&')}%`;

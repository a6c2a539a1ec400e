import { plainText } from '@tearoff/contracts';
import { folded } from './search-text';

/** As many as a trigram index can look up, of letters that are spelt one by one. */
const fewestCharacters = 3;
// One character of these scripts is a syllable or a word; folded, it is long enough for the index.
const eastAsian = '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Hangul}';
const hasEastAsian = new RegExp(`[${eastAsian}]`, 'u');
const isEastAsian = new RegExp(`^[${eastAsian}]+$`, 'u');
/** Kept without what is typed between the digits. */
const isNumber = /^\+?[\d\s().-]+$/;
/** The middle dots stand between the names of foreigners: ブルース・リー. */
const between = /[\s\u00b7\u30fb]+/u;
const longestName = 8;
const maxWords = 8;

/**
 * The patterns for LIKE of which a member's text has one when `q` finds it, or null where too little is left of `q` to
 * tell anyone from everyone. A name is kept as `first last`, and may be typed the other way round.
 */
export function patternsOf(q: string): string[] | null {
  const text = plainText(q);
  const letters = text.normalize('NFKD').replace(/\p{M}/gu, '').trim();
  if (letters.length < fewestCharacters && !hasEastAsian.test(letters)) return null;
  if (isNumber.test(text)) return [...new Set([text, text.replace(/[\s().-]/g, '')])].map(patternOf);
  const words = text.split(between).filter((word) => word !== '');
  const patterns = [text, ...unspaced(text)].map(patternOf);
  if (words.length === 1) patterns.push(...splitsOf(text).map(([a, b]) => patternOf(`${b} ${a}`)));
  else if (words.length <= maxWords) patterns.push(...reversedNameOrders(words));
  return [...new Set(patterns)];
}

const escaped = (text: string): string =>
  folded(text)
    .replaceAll('\n', ' ')
    .replace(/[\\%_]/g, '\\$&');

const patternOf = (text: string): string => `%${escaped(text)}%`;

/** East Asian names may also be kept as one word, or as two where one is typed. */
function unspaced(text: string): string[] {
  const joined = text.replace(new RegExp(between, 'gu'), '');
  return isEastAsian.test(joined) ? [joined, ...splitsOf(joined).map((parts) => parts.join(' '))] : [];
}

/** 李小龙 is written as one word, but kept as a first and a last name: 小龙 李. */
function splitsOf(word: string): [string, string][] {
  const letters = [...word];
  if (!isEastAsian.test(word) || letters.length > longestName) return [];
  return letters
    .slice(1)
    .map((_, before) => [letters.slice(0, before + 1).join(''), letters.slice(before + 1).join('')]);
}

/** `Lee Jun Fan` of Jun Fan Lee; the last word may still be half typed: `Lee Bru`. */
const reversedNameOrders = (words: readonly string[]): string[] =>
  words.slice(1).map((_, before) => {
    const [start, end] = [words.slice(0, before + 1), words.slice(before + 1)];
    return `%${escaped(end.join(' '))}% ${escaped(start.join(' '))}%`;
  });

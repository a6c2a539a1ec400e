import type { JobWarning } from '@tearoff/contracts';

/** Below this a machine that may try thirty codes a minute finds one of a million codes within a month. */
export const enoughBits = 40;
/** Codes no further apart than this are running numbers, with or without a check digit behind them. */
const closeBy = 100;

/** Why imported codes (normalised, a sample of up to some thousands) are easy to guess; null where they are not. */
export function guessabilityOf(codes: readonly string[]): JobWarning | null {
  const distinct = [...new Set(codes)];
  if (distinct.length === 0) return null;
  if (areRunning(distinct))
    return guessable(
      'The codes are running numbers or nearly so: who has one can guess the next. Use random codes.',
    );
  const bits = Math.floor(bitsOf(distinct));
  if (bits >= enoughBits) return null;
  return guessable(
    `The codes can be guessed: what differs between them is about ${bits} bits. ` +
      `Use at least ${enoughBits}, as 8 random letters and digits have.`,
  );
}

const guessable = (message: string): JobWarning => ({ code: 'codes.guessable', message });

/**
 * How much there is to guess of a code by its length and the kinds of characters it is written in, without the places
 * that are the same in all of them.
 */
export function bitsOf(codes: readonly string[]): number {
  const parts = codes.length === 1 ? codes : withoutCommonEnds(codes);
  const length = Math.min(...parts.map((part) => part.length));
  const places = Array.from({ length }, (_, place) => new Set(parts.map((part) => part[place])));
  // Of few samples a place may be the same by chance.
  const random = codes.length < 20 ? places : places.filter(({ size }) => size > 1);
  // Of enough samples nearly every character of a place's alphabet has been seen.
  if (codes.length >= 500) return random.reduce((bits, { size }) => bits + Math.log2(size), 0);
  return random.length * Math.log2(alphabetOf(random.flatMap((seen) => [...seen]).join('')));
}

const alphabetOf = (text: string): number => (/\d/.test(text) ? 10 : 0) + (/[A-Z]/.test(text) ? 26 : 0) || 10;

/** Whether most of the codes, read as numbers of what differs in them, are close to the next. */
function areRunning(codes: readonly string[]): boolean {
  if (codes.length < 3) return false;
  const parts = withoutCommonEnds(codes);
  const base = parts.every((part) => /^\d*$/.test(part)) ? 10 : 36;
  const numbers = parts.map((part) => numberOf(part, base)).sort(compare);
  let close = 0;
  for (let each = 1; each < numbers.length; each++)
    if (numbers[each] - numbers[each - 1] <= BigInt(closeBy)) close++;
  return close >= 0.9 * (numbers.length - 1);
}

const withoutCommonEnds = (codes: readonly string[]): string[] =>
  withoutCommonEnd(withoutCommonEnd(codes).map(reversed)).map(reversed);

function withoutCommonEnd(codes: readonly string[]): string[] {
  const shortest = Math.min(...codes.map(({ length }) => length));
  let common = 0;
  while (common < shortest && codes.every((code) => code.at(-1 - common) === codes[0].at(-1 - common)))
    common++;
  return codes.map((code) => code.slice(0, code.length - common));
}

const reversed = (text: string): string => [...text].reverse().join('');

/** Other characters count as digits beyond the base. */
function numberOf(text: string, base: number): bigint {
  let number = 0n;
  for (const character of text) {
    const digit = Number.parseInt(character, base);
    number = number * BigInt(base) + BigInt(Number.isNaN(digit) ? base + character.charCodeAt(0) : digit);
  }
  return number;
}

const compare = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0);

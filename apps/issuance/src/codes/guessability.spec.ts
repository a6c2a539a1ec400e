import { randomInt } from 'node:crypto';
import { checkCharacterOf } from '@tearoff/contracts';
import { bitsOf, guessabilityOf } from './guessability';

const random = (alphabet: string, length: number) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
const many = (count: number, make: (each: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i));
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';
const messageOf = (codes: string[]) => guessabilityOf(codes)?.message;

describe('imported codes', () => {
  it.each([3, 20, 600])(
    'of 9 random letters and digits are good enough, also with a prefix (%i of them)',
    (count) => {
      expect(guessabilityOf(many(count, () => random(letters + digits, 9)))).toBeNull();
      expect(guessabilityOf(many(count, () => `SUMMER${random(letters + digits, 9)}`))).toBeNull();
      expect(guessabilityOf(many(count, () => random(digits, 14)))).toBeNull();
    },
  );

  it.each([3, 20, 600])(
    'of few characters can be guessed, however long what they share is (%i of them)',
    (count) => {
      for (const make of [
        () => random(letters + digits, 6),
        () => random(digits, 10),
        () => `THEGREATSUMMERSALE${random(letters, 5)}OFTHISYEAR`,
      ])
        expect(messageOf(many(count, make))).toMatch(/can be guessed: .* about \d\d bits/);
    },
  );

  it('are told how many bits they have', () => {
    expect(Math.round(bitsOf(many(1_000, () => random(digits, 6))))).toBe(20);
    expect(messageOf(many(1_000, () => random(digits, 6)))).toContain('about 19 bits');
  });

  it('that are running numbers are told, in whatever order and with whatever around them', () => {
    const shuffled = (codes: string[]) => codes.sort(() => randomInt(3) - 1);
    for (const make of [
      (i: number) => `SUMMER${1_000_000_000_000 + i}`,
      (i: number) => `${4_000_000_000_000 + 7 * i}`,
      (i: number) => `${900_000_000_000 + i}OFF`,
      (i: number) => `A${1_000_000_000_000 + i}${checkCharacterOf(String(i))}`,
    ]) {
      expect(messageOf(many(500, make))).toMatch(/running numbers/);
      expect(messageOf(shuffled(many(500, make)))).toMatch(/running numbers/);
    }
  });

  it('are told of once, and of none that there are nothing', () => {
    expect(guessabilityOf([])).toBeNull();
    expect(guessabilityOf(['SAME', 'SAME'])).not.toBeNull();
    expect(guessabilityOf(many(100, (i) => `N${i}`))).toEqual({
      code: 'codes.guessable',
      message: expect.any(String),
    });
  });

  it('with other characters are told without a fault', () => {
    expect(guessabilityOf(['A/1', 'A.2', 'B#33'])).not.toBeNull();
    expect(guessabilityOf(many(50, () => random('$%*+./:_#', 30)))).toBeNull();
  });
});

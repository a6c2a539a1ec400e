import { randomInt } from 'node:crypto';

const digits = 15;
const half = 10 ** 8;

/** What a till reads off a card: 15 random digits and their check digit. */
export function newCardNumber(): string {
  const drawn = `${pad(randomInt(half), 8)}${pad(randomInt(half / 10), digits - 8)}`;
  return drawn + checkDigitOf(drawn);
}

const pad = (value: number, length: number): string => value.toString().padStart(length, '0');

/** ISO/IEC 7064 MOD 11,10: it catches every single mistyped digit and nearly every swap of neighbours. */
export function checkDigitOf(number: string): string {
  let product = 10;
  for (const digit of number) product = (((product + Number(digit)) % 10 || 10) * 2) % 11;
  return String((11 - product) % 10);
}

/** As it is kept, or null where no card of ours can have this number. */
export function cardNumberOf(text: string): string | null {
  const number = text.replace(/[\s-]+/g, '');
  return /^\d{16}$/.test(number) && checkDigitOf(number.slice(0, -1)) === number.at(-1) ? number : null;
}

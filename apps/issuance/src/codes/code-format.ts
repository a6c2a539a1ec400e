import { randomFillSync } from 'node:crypto';
import { checkCharacterOf, type CodeFormat } from '@tearoff/contracts';

/** Without vowels (no words) and without what looks alike in print: 0 O Q, 1 I L, 2 Z, 5 S, 8 B. */
export const defaultCharset = 'CDFGHJKMNPRTVWXY34679';

/** So large a space that a random code is practically never one that exists. */
export const ampleSpace = 1e12;

type Format = Pick<CodeFormat, 'length' | 'prefix' | 'charset'>;

/** How many codes a format can make: bodies whose check character is in the charset, too. */
export const codeSpace = ({ length, charset }: Format): number =>
  charset.length ** (length - 1) * (charset.length / 36);

/** A guess must hit one in a hundred codes at most, and a million are never too few to guess through. */
export const smallestSpace = (codes: number): number => Math.max(1e6, codes * 100);

const pool = Buffer.alloc(16_384);
let used = pool.length;

/** Makes random codes: prefix, body, check character over both. */
export class CodeGenerator {
  private readonly characters: Set<string>;
  /** Bytes from here on would favour the first characters. */
  private readonly fairLimit: number;

  constructor(private readonly format: Format) {
    this.characters = new Set(format.charset);
    this.fairLimit = 256 - (256 % format.charset.length);
  }

  next(): string {
    const { prefix, length, charset } = this.format;
    for (;;) {
      let text = prefix;
      for (let i = 1; i < length; i++) text += charset[this.fairByte() % charset.length];
      const check = checkCharacterOf(text);
      // A campaign of digits stays one of digits.
      if (this.characters.has(check)) return text + check;
    }
  }

  /** Codes that differ from each other. */
  distinct(count: number): string[] {
    const codes = new Set<string>();
    while (codes.size < count) codes.add(this.next());
    return [...codes];
  }

  private fairByte(): number {
    for (;;) {
      if (used === pool.length) {
        randomFillSync(pool);
        used = 0;
      }
      const byte = pool[used++];
      if (byte < this.fairLimit) return byte;
    }
  }
}

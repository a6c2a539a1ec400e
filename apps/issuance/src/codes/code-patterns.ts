import { ean13CheckDigit, gs1CouponStem, type CodeFormat, type Symbology } from '@tearoff/contracts';
import { CodeGenerator, codeSpace, defaultCharset, randomDigits } from './code-format';

/** What decides how the codes of a campaign look. */
export interface CodeStyle {
  codes: CodeFormat;
  barcode: Symbology;
}

export const digitCharset = '0123456789';

/**
 * GS1 keeps 99 for coupons that a shop numbers itself. 20 to 29 are free to a shop as well, but many tills take
 * them for weighed goods with the price inside.
 */
export const ean13Prefix = '99';

/** The longest serial number that AI 8112 allows: fifty bits, which no one guesses. */
const longestSerial = 15;

type Format = Pick<CodeFormat, 'length' | 'prefix' | 'charset'>;

/** What is not said of a format, so that the symbology can carry its codes. */
export function completedFormat(barcode: Symbology, { length, prefix, charset }: Partial<Format>): Format {
  if (barcode === 'ean13') {
    const begins = prefix ?? ean13Prefix;
    return { length: length ?? 13 - begins.length, prefix: begins, charset: charset ?? digitCharset };
  }
  if (barcode === 'gs1-8112')
    return { length: length ?? longestSerial, prefix: prefix ?? '', charset: charset ?? digitCharset };
  return { length: length ?? 12, prefix: prefix ?? '', charset: charset ?? defaultCharset };
}

/** Fixed digits, then random ones, then perhaps a check digit. */
interface DigitPattern {
  stem: string;
  random: number;
  checked: boolean;
}

/**
 * Null where the codes are none of digits alone. A campaign that was made before formats had to fit its symbology
 * makes EAN-13 with the usual prefix; without a funder it cannot make GS1 coupon numbers.
 */
function digitPatternOf({ codes, barcode }: CodeStyle): DigitPattern | null {
  if (barcode === 'ean13') {
    const stem = /^\d{0,7}$/.test(codes.prefix) ? codes.prefix || ean13Prefix : ean13Prefix;
    const fits = codes.charset === digitCharset && codes.prefix.length + codes.length === 13;
    const begins = fits ? codes.prefix : stem;
    return { stem: begins, random: 12 - begins.length, checked: true };
  }
  const { funderId, offerCode } = codes;
  if (barcode !== 'gs1-8112' || funderId === undefined || offerCode === undefined) return null;
  const stem = gs1CouponStem({ funderId, offerCode }, codes.length);
  return { stem, random: codes.length, checked: false };
}

/** How many different codes there can be. */
export function spaceOf(style: CodeStyle): number {
  const pattern = digitPatternOf(style);
  return pattern ? 10 ** pattern.random : codeSpace(style.codes);
}

/** How many characters each code has. */
export function codeLengthOf(style: CodeStyle): number {
  const pattern = digitPatternOf(style);
  if (!pattern) return style.codes.prefix.length + style.codes.length;
  return pattern.stem.length + pattern.random + (pattern.checked ? 1 : 0);
}

/** Makes random codes that the campaign's symbology can carry. */
export function generatorOf(style: CodeStyle): Pick<CodeGenerator, 'next' | 'distinct'> {
  const pattern = digitPatternOf(style);
  return pattern ? new DigitGenerator(pattern) : new CodeGenerator(style.codes);
}

class DigitGenerator {
  constructor(private readonly pattern: DigitPattern) {}

  next(): string {
    const { stem, random, checked } = this.pattern;
    const digits = stem + randomDigits(random);
    return checked ? digits + ean13CheckDigit(digits) : digits;
  }

  /** Codes that differ from each other. */
  distinct(count: number): string[] {
    const codes = new Set<string>();
    while (codes.size < count) codes.add(this.next());
    return [...codes];
  }
}

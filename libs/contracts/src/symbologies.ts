import type { Campaign } from './campaigns';
import { hasValidCheckCharacter } from './code-text';
import { gs1CouponAi, isGs1Coupon } from './gs1-coupon';

export type Symbology = Campaign['barcode'];

const ascii = /^[\x20-\x7e]+$/;
/** More of them make Code 128 so wide that on a small phone a bar is thinner than a pixel. Two digits take one place. */
export const code128Characters = 24;
const code128Digits = 44;

/** The last digit of an EAN-13, of the twelve before it (GS1 General Specifications, 7.9). */
export const ean13CheckDigit = (twelve: string): string => String((10 - (weightedSum(twelve) % 10)) % 10);

const weightedSum = (digits: string): number => {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) sum += Number(digits[at]) * (at % 2 === 0 ? 1 : 3);
  return sum;
};

export const isEan13 = (code: string): boolean => /^\d{13}$/.test(code) && weightedSum(code) % 10 === 0;

/** Null where the symbology can carry the code for a till to read; else what is wrong, to stand after "the code". */
const faults: Record<Symbology, (code: string) => string | null> = {
  qrcode: () => null,
  datamatrix: (code) => (ascii.test(code) ? null : 'has characters that Data Matrix readers misread'),
  pdf417: (code) => (ascii.test(code) ? null : 'has characters that PDF417 readers misread'),
  code128: (code) => {
    if (!ascii.test(code)) return 'has characters that Code 128 does not have';
    if (code.length <= code128Characters || (/^\d+$/.test(code) && code.length <= code128Digits)) return null;
    return `is longer than the ${code128Characters} characters (${code128Digits} if all are digits) that a phone can show as Code 128`;
  },
  ean13: (code) => {
    if (/^\d{7,12}$/.test(code))
      return `is no EAN-13: it has ${code.length} digits instead of 13. Has a spreadsheet dropped leading zeros?`;
    if (!/^\d{13}$/.test(code)) return 'is no EAN-13, which has 13 digits';
    if (isEan13(code)) return null;
    return `is no EAN-13: its last digit would have to be the check digit ${ean13CheckDigit(code.slice(0, 12))}`;
  },
  'gs1-8112': (code) =>
    isGs1Coupon(withoutAi(code)) ? null : 'is no GS1 coupon number (application identifier 8112)',
};

/** Why the symbology cannot carry the code, to stand after "the code"; null where it can. Pages, mails and passes show
 * no barcode at all where this is not null: another symbology is one that the till's scanner may not read. */
export const symbologyFault = (code: string, symbology: Symbology): string | null => faults[symbology](code);

/** A coupon number without the application identifier that it may be written with. */
export const withoutAi = (code: string): string => {
  const bare = code.startsWith(gs1CouponAi) ? code.slice(gs1CouponAi.length) : code;
  return isGs1Coupon(bare) ? bare : code;
};

/** Whether a code can be one that we made: it has the check character, or the structure, of what campaigns generate. */
export const mayBeGenerated = (code: string): boolean =>
  hasValidCheckCharacter(code) || isEan13(code) || isGs1Coupon(code);

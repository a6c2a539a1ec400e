import type { Campaign } from '@tearoff/contracts';

type Symbology = Campaign['barcode'];

const ascii = /^[\x20-\x7e]+$/;
/** More characters make Code 128 so wide that on a small phone a bar is thinner than a pixel. */
const code128Characters = 24;

const rules: Record<Symbology, (code: string) => boolean> = {
  qrcode: () => true,
  code128: (code) => ascii.test(code) && code.length <= code128Characters,
  pdf417: (code) => ascii.test(code),
  datamatrix: (code) => ascii.test(code),
  ean13: (code) => /^\d{13}$/.test(code) && checksumOf(code) === 0,
  'gs1-8112': () => false,
};

/** Whether a wallet can draw the code in that symbology for a till to read; if not, it is drawn as a QR code. */
export const fits = (code: string, symbology: Symbology): boolean => rules[symbology](code);

/** Of all thirteen digits, weighted 1 and 3 in turn, modulo 10 (GS1 General Specifications): 0 where the last is right. */
const checksumOf = (digits: string): number =>
  [...digits].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 === 0 ? 1 : 3), 0) % 10;

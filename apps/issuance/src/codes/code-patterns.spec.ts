import {
  barcodeSymbologies,
  isEan13,
  isGs1Coupon,
  symbologyFault,
  type CodeFormat,
} from '@tearoff/contracts';
import { codeLengthOf, completedFormat, generatorOf, spaceOf, type CodeStyle } from './code-patterns';
import { formatFaults } from './code-rules';

const funder = { funderId: '0614141', offerCode: '000042' };
const styleOf = (barcode: CodeStyle['barcode'], codes: Partial<CodeFormat> = {}): CodeStyle => ({
  barcode,
  codes: {
    source: 'generated',
    ...completedFormat(barcode, codes),
    ...(barcode === 'gs1-8112' && funder),
    ...codes,
  },
});

describe('generated codes', () => {
  it.each(barcodeSymbologies)('fit %s by default, and are as long as is said', (barcode) => {
    const style = styleOf(barcode);
    expect(formatFaults(style)).toEqual([]);
    for (const code of generatorOf(style).distinct(300)) {
      expect(symbologyFault(code, barcode)).toBeNull();
      expect(code).toHaveLength(codeLengthOf(style));
    }
  });

  it('of EAN-13 begin with 99, or the digits that are named, and end in the check digit', () => {
    expect(generatorOf(styleOf('ean13')).next()).toMatch(/^99\d{11}$/);
    const codes = generatorOf(styleOf('ean13', { prefix: '2001' })).distinct(200);
    expect(codes.every((code) => code.startsWith('2001') && isEan13(code))).toBe(true);
    expect(spaceOf(styleOf('ean13'))).toBe(1e10);
    expect(spaceOf(styleOf('ean13', { prefix: '2001' }))).toBe(1e8);
  });

  it('of GS1 coupons name funder and offer, and have a serial number that tells nothing of the next', () => {
    const codes = generatorOf(styleOf('gs1-8112')).distinct(200);
    for (const code of codes) {
      expect(code).toMatch(/^0106141410000429\d{15}$/);
      expect(isGs1Coupon(code)).toBe(true);
    }
    expect(codes).not.toEqual(codes.toSorted());
    const counts = Array.from({ length: 10 }, (_, digit) => codes.join('').split(String(digit)).length);
    expect(Math.min(...counts.slice(5, 9))).toBeGreaterThan(200);
    expect(generatorOf(styleOf('gs1-8112', { length: 7 })).next()).toMatch(/^0106141410000421\d{7}$/);
  });

  it('of a campaign from before formats had to fit are EAN-13 all the same', () => {
    const codes = { length: 12, prefix: 'SP', charset: 'CDFGHJKMNPRTVWXY34679' };
    expect(isEan13(generatorOf(styleOf('ean13', codes)).next())).toBe(true);
  });
});

describe('a format that the symbology cannot carry', () => {
  it.each<[string, CodeStyle['barcode'], Partial<CodeFormat>]>([
    ['/codes/length', 'ean13', { length: 12 }],
    ['/codes/charset', 'ean13', { charset: '123456789' }],
    ['/codes/prefix', 'ean13', { prefix: 'A1' }],
    ['/codes/prefix', 'gs1-8112', { prefix: '1' }],
    ['/codes/length', 'gs1-8112', { length: 16 }],
    ['/codes/charset', 'gs1-8112', { charset: 'ABCDEFGHJK' }],
    ['/codes/funderId', 'gs1-8112', { funderId: undefined }],
    ['/codes/offerCode', 'gs1-8112', { offerCode: undefined }],
    ['/codes/funderId', 'qrcode', { funderId: '0614141' }],
    ['/codes/length', 'code128', { length: 25 }],
    ['/codes/length', 'code128', { prefix: 'SPRING', length: 19 }],
    ['/codes/prefix', 'pdf417', { prefix: '8112', length: 21, charset: '0123456789' }],
  ])('%s of %s', (path, barcode, codes) =>
    expect(formatFaults(styleOf(barcode, codes)).map((fault) => fault.path)).toContain(path),
  );

  it('is none where code 128 packs digits', () =>
    expect(formatFaults(styleOf('code128', { length: 40, charset: '0123456789' }))).toEqual([]));
});

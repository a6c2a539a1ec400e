import { barcodeSymbologies, candidateCodes, type Campaign } from '@tearoff/contracts';
import { barcodePng } from '../../apps/gateway/src/pages/coupon/barcode';
import { completedFormat, generatorOf } from '../../apps/issuance/src/codes/code-patterns';
import { barcodePng as mailPng } from '../../apps/notification/src/rendering/barcode';
import { appleBarcode } from '../../apps/loyalty/src/apple/barcode.format';
import { googleBarcode } from '../../apps/loyalty/src/google/barcode.type';
import { scan, scanAtGoogle, scanOnPhone } from './scanner';

interface Shown {
  type: string;
  value: string;
}
type Row = [code: string, symbology: Campaign['barcode'], page: string, apple: string, google: string];

const plain = 'K7PQ4MWX9ZRT';
const long = 'K7PQ4MWX9ZRT'.repeat(3);

const rows: Row[] = [
  [plain, 'qrcode', 'QRCode', 'QRCode', 'QRCode'],
  [plain, 'code128', 'Code128', 'Code128', 'Code128'],
  [plain, 'pdf417', 'PDF417', 'PDF417', 'PDF417'],
  [plain, 'datamatrix', 'DataMatrix', 'QRCode', 'DataMatrix'],
  ['5901234123457', 'ean13', 'EAN13', 'Code128', 'EAN13'],
  ['a b/c-{d}~"<&', 'code128', 'Code128', 'Code128', 'Code128'],
  ['a b/c-{d}~"<&', 'pdf417', 'PDF417', 'PDF417', 'PDF417'],
  [long, 'pdf417', 'PDF417', 'PDF417', 'PDF417'],
  ['1234567890'.repeat(4), 'code128', 'Code128', 'Code128', 'Code128'],
];

describe('a code', () => {
  it.each(rows)('%s of %s is read by a till from the page, from a phone and from Google', async (...row) => {
    const [code, symbology, page, apple, google] = row;
    expect(await scan((await barcodePng(code, symbology))!)).toEqual({ format: page, text: code });
    expect(await scan(await mailPng({ code, symbology }))).toEqual({ format: page, text: code });
    expect(await scanOnPhone({ barcodes: [appleBarcode(code, symbology)!] })).toEqual({
      format: apple,
      text: code,
    });
    expect(await scanAtGoogle(googleBarcode(code, symbology) as Shown)).toEqual({
      format: google,
      text: code,
    });
  });

  it.each(barcodeSymbologies)('that is generated for %s is read off every surface', async (barcode) => {
    const codes = {
      source: 'generated' as const,
      ...completedFormat(barcode, {}),
      ...(barcode === 'gs1-8112' && { funderId: '061414100007', offerCode: '000042' }),
    };
    for (const code of generatorOf({ codes, barcode }).distinct(5)) {
      const pictures = [await barcodePng(code, barcode), await mailPng({ code, symbology: barcode })];
      for (const picture of pictures) expect(candidateCodes((await scan(picture!)).text)).toContain(code);
      expect((await scanOnPhone({ barcodes: [appleBarcode(code, barcode)!] })).text).toBe(code);
      expect((await scanAtGoogle(googleBarcode(code, barcode) as Shown)).text).toBe(code);
    }
  });

  it.each<[string, Campaign['barcode']]>([
    [plain, 'ean13'],
    ['5901234123450', 'ean13'],
    ['Grüße-5£', 'code128'],
    ['КУПОН-12345', 'pdf417'],
    ['КУПОН-12345', 'datamatrix'],
    [long, 'code128'],
    ['0012345', 'gs1-8112'],
  ])('%s, which %s cannot carry, is drawn as nothing else', (code, symbology) => {
    expect(barcodePng(code, symbology)).toBeNull();
    expect(appleBarcode(code, symbology)).toBeNull();
    expect(googleBarcode(code, symbology)).toEqual({ type: 'TEXT_ONLY', value: null, alternateText: code });
  });

  it('of the positive offer file is read with its application identifier from the page, without it from wallets', async () => {
    const code = '001234561234560123456';
    const bars = { format: 'Code128', text: code };
    expect(await scan((await barcodePng(code, 'gs1-8112'))!)).toEqual({
      format: 'DataBarExpStk',
      text: `8112${code}`,
    });
    expect(await scanOnPhone({ barcodes: [appleBarcode(code, 'gs1-8112')!] })).toEqual(bars);
    expect(await scanAtGoogle(googleBarcode(code, 'gs1-8112') as Shown)).toEqual(bars);
  });

  it('in Aztec, which no campaign has, would be read too', async () => {
    const message = 'K7PQ4MWX9ZRT';
    const barcodes = [{ format: 'PKBarcodeFormatAztec', message, messageEncoding: 'iso-8859-1' }];
    expect(await scanOnPhone({ barcodes })).toEqual({ format: 'Aztec', text: message });
  });
});

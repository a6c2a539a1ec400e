import type { Campaign } from '@tearoff/contracts';
import { barcodePng } from '../../apps/gateway/src/pages/face/barcode';
import { appleBarcode } from '../../apps/loyalty/src/apple/barcode.format';
import { googleBarcode } from '../../apps/loyalty/src/google/barcode.type';
import { scan, scanAtGoogle, scanOnPhone } from './scanner';

type Row = [code: string, symbology: Campaign['barcode'], page: string, apple: string, google: string];

const plain = 'K7PQ4MWX9ZRT';
const long = 'K7PQ4MWX9ZRT'.repeat(3);

const rows: Row[] = [
  [plain, 'qrcode', 'QRCode', 'QRCode', 'QRCode'],
  [plain, 'code128', 'Code128', 'Code128', 'Code128'],
  [plain, 'pdf417', 'PDF417', 'PDF417', 'PDF417'],
  [plain, 'datamatrix', 'DataMatrix', 'QRCode', 'DataMatrix'],
  ['5901234123457', 'ean13', 'EAN13', 'QRCode', 'EAN13'],
  // One that is no article number, and one with a wrong check digit.
  [plain, 'ean13', 'QRCode', 'QRCode', 'QRCode'],
  ['5901234123450', 'ean13', 'QRCode', 'QRCode', 'QRCode'],
  ['a b/c-{d}~"<&', 'code128', 'Code128', 'Code128', 'Code128'],
  ['a b/c-{d}~"<&', 'pdf417', 'PDF417', 'PDF417', 'PDF417'],
  ['Grüße-5£', 'code128', 'QRCode', 'QRCode', 'QRCode'],
  ['КУПОН-12345', 'pdf417', 'QRCode', 'QRCode', 'QRCode'],
  [long, 'code128', 'QRCode', 'QRCode', 'QRCode'],
  [long, 'pdf417', 'PDF417', 'PDF417', 'PDF417'],
];

describe('a code', () => {
  it.each(rows)('%s of %s is read by a till from the page, from a phone and from Google', async (...row) => {
    const [code, symbology, page, apple, google] = row;
    expect(await scan(await barcodePng(code, symbology))).toEqual({ format: page, text: code });
    expect(await scanOnPhone({ barcodes: [appleBarcode(code, symbology)] })).toEqual({
      format: apple,
      text: code,
    });
    expect(await scanAtGoogle(googleBarcode(code, symbology))).toEqual({ format: google, text: code });
  });

  it('of the positive offer file is read with its application identifier from the page, as it is from wallets', async () => {
    const code = '001234561234560123456';
    const asQr = { format: 'QRCode', text: code };
    expect(await scan(await barcodePng(code, 'gs1-8112'))).toEqual({
      format: 'DataBarExpStk',
      text: `8112${code}`,
    });
    expect(await scanOnPhone({ barcodes: [appleBarcode(code, 'gs1-8112')] })).toEqual(asQr);
    expect(await scanAtGoogle(googleBarcode(code, 'gs1-8112'))).toEqual(asQr);
  });

  it('in Aztec, which no campaign has, would be read too', async () => {
    const message = 'K7PQ4MWX9ZRT';
    const barcodes = [{ format: 'PKBarcodeFormatAztec', message, messageEncoding: 'iso-8859-1' }];
    expect(await scanOnPhone({ barcodes })).toEqual({ format: 'Aztec', text: message });
  });
});

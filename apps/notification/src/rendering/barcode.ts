import type { Campaign } from '@tearoff/contracts';
import { barcodeImage } from './barcode-mark';
import { toBuffer, type RenderOptions } from 'bwip-js/node';

/** What a mail's barcode says, and how it is drawn. */
export interface Barcode {
  code: string;
  symbology: Campaign['barcode'];
}

const ascii = /^[\x20-\x7e]+$/;

/** Null where the code is none of that symbology. The coupon's page draws the same. */
const drawings: Record<Campaign['barcode'], (code: string) => RenderOptions | null> = {
  qrcode: (text) => ({ bcid: 'qrcode', text, eclevel: 'M', padding: 8 }),
  code128: (text) =>
    ascii.test(text) ? { bcid: 'code128', text, height: 22, paddingwidth: 10, paddingheight: 4 } : null,
  ean13: (text) =>
    /^\d{13}$/.test(text) ? { bcid: 'ean13', text, paddingwidth: 11, paddingheight: 4 } : null,
  datamatrix: (text) => (ascii.test(text) ? { bcid: 'datamatrix', text, padding: 4 } : null),
  pdf417: (text) => (ascii.test(text) ? { bcid: 'pdf417', text, columns: 2, rowmult: 4, padding: 4 } : null),
  'gs1-8112': (code) =>
    /^(8112)?[01]\d+$/.test(code)
      ? {
          bcid: 'databarexpandedstacked',
          text: `(8112)${code.replace(/^8112/, '')}`,
          segments: 6,
          padding: 4,
        }
      : null,
};

/** As PNG on white; a QR code where the code does not fit its symbology. */
export async function barcodePng({ code, symbology }: Barcode): Promise<Buffer> {
  const options = drawings[symbology](code);
  const look = { scale: 3, backgroundcolor: 'ffffff' };
  try {
    if (options) return await toBuffer({ ...options, ...look });
  } catch {
    // A wrong check digit, a length it does not know.
  }
  return toBuffer({ ...drawings.qrcode(code)!, ...look });
}

/** The HTML with its barcode in it, for where nothing can be sent along. */
export async function withPicture(html: string, barcode: Barcode): Promise<string> {
  const png = await barcodePng(barcode);
  return html.replaceAll(barcodeImage, `data:image/png;base64,${png.toString('base64')}`);
}

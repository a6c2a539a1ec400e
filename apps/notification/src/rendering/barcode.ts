import { symbologyFault, withoutAi, type Symbology } from '@tearoff/contracts';
import { barcodeImage, pictureAsCode } from './barcode-mark';
import { toBuffer, type RenderOptions } from 'bwip-js/node';

/** What a mail's barcode says, and how it is drawn. */
export interface Barcode {
  code: string;
  symbology: Symbology;
}

/** The coupon's page draws the same. */
const drawings: Record<Symbology, (code: string) => RenderOptions> = {
  qrcode: (text) => ({ bcid: 'qrcode', text, eclevel: 'M', padding: 8 }),
  code128: (text) => ({ bcid: 'code128', text, height: 22, paddingwidth: 10, paddingheight: 4 }),
  ean13: (text) => ({ bcid: 'ean13', text, paddingwidth: 11, paddingheight: 4 }),
  datamatrix: (text) => ({ bcid: 'datamatrix', text, padding: 4 }),
  pdf417: (text) => ({ bcid: 'pdf417', text, columns: 2, rowmult: 4, padding: 4 }),
  'gs1-8112': (code) => ({
    bcid: 'databarexpandedstacked',
    text: `(8112)${withoutAi(code)}`,
    segments: 6,
    padding: 4,
  }),
};

/** A mail's HTML with its barcode, or with the code in its place where the symbology cannot carry that. */
export function withBarcode(html: string, barcode: Barcode): { html: string; barcode: Barcode | null } {
  if (symbologyFault(barcode.code, barcode.symbology) === null) return { html, barcode };
  return { html: pictureAsCode(html, barcode.code), barcode: null };
}

/** As PNG on white, of one that `withBarcode` has let through. */
export const barcodePng = ({ code, symbology }: Barcode): Promise<Buffer> =>
  toBuffer({ ...drawings[symbology](code), scale: 3, backgroundcolor: 'ffffff' });

/** The HTML with its barcode in it, for where nothing can be sent along. */
export async function withPicture(html: string, barcode: Barcode): Promise<string> {
  const png = await barcodePng(barcode);
  return html.replaceAll(barcodeImage, `data:image/png;base64,${png.toString('base64')}`);
}

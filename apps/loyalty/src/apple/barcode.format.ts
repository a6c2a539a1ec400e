import { symbologyFault, withoutAi, type Symbology } from '@tearoff/contracts';

/**
 * Apple draws QR, PDF417, Aztec and Code 128. A laser scanner, which a till with EAN-13 or GS1 coupons may have, reads
 * Code 128; what reads Data Matrix is a camera, and reads QR.
 */
const formats = {
  qrcode: 'PKBarcodeFormatQR',
  datamatrix: 'PKBarcodeFormatQR',
  pdf417: 'PKBarcodeFormatPDF417',
  code128: 'PKBarcodeFormatCode128',
  ean13: 'PKBarcodeFormatCode128',
  'gs1-8112': 'PKBarcodeFormatCode128',
} as const satisfies Record<Symbology, string>;

/** The code as a phone draws it; null where the campaign's symbology cannot carry it: the pass then shows the code alone. */
export function appleBarcode(code: string, symbology: Symbology) {
  if (symbologyFault(code, symbology)) return null;
  const latin = /^[\x20-\x7e\xa0-\xff]+$/.test(code);
  return {
    format: formats[symbology],
    message: symbology === 'gs1-8112' ? withoutAi(code) : code,
    messageEncoding: latin ? 'iso-8859-1' : 'utf-8',
    altText: code,
  };
}

import type { Campaign } from '@tearoff/contracts';
import { fits } from '../passes/barcode.fit';

const formats: Partial<Record<Campaign['barcode'], 'PKBarcodeFormatPDF417' | 'PKBarcodeFormatCode128'>> = {
  pdf417: 'PKBarcodeFormatPDF417',
  code128: 'PKBarcodeFormatCode128',
};

/**
 * The code as a phone draws it. Apple draws QR, PDF417, Aztec and Code 128; what else a campaign may have is a QR code
 * of the same characters, and so is what does not fit its symbology.
 */
export function appleBarcode(code: string, symbology: Campaign['barcode']) {
  const latin = /^[\x20-\x7e\xa0-\xff]+$/.test(code);
  return {
    format: (fits(code, symbology) && formats[symbology]) || ('PKBarcodeFormatQR' as const),
    message: code,
    messageEncoding: latin ? 'iso-8859-1' : 'utf-8',
    altText: code,
  };
}

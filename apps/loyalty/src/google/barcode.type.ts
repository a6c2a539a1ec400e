import type { Campaign } from '@tearoff/contracts';
import { fits } from '../passes/barcode.fit';

const types: Partial<Record<Campaign['barcode'], string>> = {
  code128: 'CODE_128',
  ean13: 'EAN_13',
  datamatrix: 'DATA_MATRIX',
  pdf417: 'PDF_417',
};

/** The code as Google draws it: a QR code where it does not fit the campaign's symbology, or Google has not that one. */
export const googleBarcode = (code: string, symbology: Campaign['barcode']) => ({
  type: (fits(code, symbology) && types[symbology]) || 'QR_CODE',
  value: code,
  alternateText: code,
});

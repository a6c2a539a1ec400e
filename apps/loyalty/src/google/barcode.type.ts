import { symbologyFault, withoutAi, type Symbology } from '@tearoff/contracts';

/** Google has no GS1 DataBar; the laser scanner that reads it reads Code 128. */
const types: Record<Symbology, string> = {
  qrcode: 'QR_CODE',
  code128: 'CODE_128',
  ean13: 'EAN_13',
  datamatrix: 'DATA_MATRIX',
  pdf417: 'PDF_417',
  'gs1-8112': 'CODE_128',
};

/** The code as Google draws it; as text alone where the campaign's symbology cannot carry it. */
export const googleBarcode = (code: string, symbology: Symbology) =>
  symbologyFault(code, symbology)
    ? { type: 'TEXT_ONLY', value: null, alternateText: code }
    : {
        type: types[symbology],
        value: symbology === 'gs1-8112' ? withoutAi(code) : code,
        alternateText: code,
      };

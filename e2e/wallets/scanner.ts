import { readFileSync } from 'node:fs';
import { toBuffer, type RenderOptions } from 'bwip-js/node';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { PassJson } from './pkpass';

/** What a till's scanner knows of a barcode: which symbology it is, and the characters in it. */
export interface Scanned {
  format: string;
  text: string;
}

const reader = prepareZXingModule({
  overrides: { wasmBinary: bytesOf(readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'))) },
  fireImmediately: true,
});

/** Reads the one barcode in a picture (PNG). Fails where there is none, or more than one. */
export async function scan(png: Buffer): Promise<Scanned> {
  await reader;
  const found = await readBarcodes(png, { textMode: 'Plain' });
  if (found.length !== 1) throw new Error(`there are ${found.length} barcodes in the picture`);
  return { format: found[0].format, text: found[0].text };
}

const drawnByPhones: Record<string, RenderOptions['bcid']> = {
  PKBarcodeFormatQR: 'qrcode',
  PKBarcodeFormatPDF417: 'pdf417',
  PKBarcodeFormatAztec: 'azteccode',
  PKBarcodeFormatCode128: 'code128',
};
const drawnByGoogle: Record<string, RenderOptions['bcid']> = {
  QR_CODE: 'qrcode',
  PDF_417: 'pdf417',
  AZTEC: 'azteccode',
  CODE_128: 'code128',
  EAN_13: 'ean13',
  DATA_MATRIX: 'datamatrix',
};

/** The pass's barcode as an iPhone draws it, as a till reads it. */
export function scanOnPhone({ barcodes = [] }: Pick<PassJson, 'barcodes'>): Promise<Scanned> {
  const [{ format, message, messageEncoding }] = barcodes;
  return draw(drawnByPhones[format], message, messageEncoding === 'utf-8' ? 'utf8' : 'latin1').then(scan);
}

/** The object's barcode as Google draws it, as a till reads it. */
export const scanAtGoogle = ({ type, value }: { type: string; value: string }): Promise<Scanned> =>
  draw(drawnByGoogle[type], value, 'utf8').then(scan);

function draw(bcid: RenderOptions['bcid'], text: string, encoding: BufferEncoding): Promise<Buffer> {
  return toBuffer({
    bcid,
    text: Buffer.from(text, encoding).toString('latin1'),
    binarytext: true,
    scale: 4,
    padding: 12,
    backgroundcolor: 'ffffff',
  });
}

function bytesOf({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
}

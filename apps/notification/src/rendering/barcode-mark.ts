import { randomBytes } from 'node:crypto';

/** Under which a mail brings its barcode along (RFC 2392). */
export const barcodeId = 'barcode@tearoff';
export const barcodeImage = `cid:${barcodeId}`;

/**
 * What the variable `barcode` is while a text is rendered, so that every engine escapes and places it as any other; it
 * cannot be guessed, so that no data can make one.
 */
export const barcodeMark = `barcode${randomBytes(12).toString('hex')}`;

const picture = `<img src="${barcodeImage}" alt="Barcode" style="max-width:100%;height:auto">`;

/** In a text the code stands for it. */
export const markAsCode = (text: string, code: string): string => text.replaceAll(barcodeMark, code);

export const markAsPicture = (html: string): { html: string; barcode: boolean } => ({
  html: html.replaceAll(barcodeMark, picture),
  barcode: html.includes(barcodeMark),
});

/** For a code that has no picture. */
export const pictureAsCode = (html: string, code: string): string =>
  html.replaceAll(
    picture,
    code.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`),
  );

import type { Campaign } from '@tearoff/contracts';
import { LRUCache } from 'lru-cache';
import { toBuffer, toSVG, type RenderOptions } from 'bwip-js/node';

type Symbology = Campaign['barcode'];

export interface Barcode {
  /** What it was drawn as: `qrcode` when the code does not fit the campaign's symbology. */
  symbology: Symbology;
  svg: string;
  /** Wide as a line of bars, or square. */
  shape: 'wide' | 'square';
}

const ascii = /^[\x20-\x7e]+$/;
// Past this many modules a bar is thinner than a pixel on a small phone and no scanner reads it.
const maxModules = 320;
/** The quiet zones are those that each symbology asks for; one module is 1 in linear and stacked codes, 2 in square ones. */
const drawings: Record<Symbology, (code: string) => RenderOptions | null> = {
  qrcode: (code) => ({ bcid: 'qrcode', text: code, eclevel: 'M', padding: 8 }),
  code128: (code) =>
    ascii.test(code) ? { bcid: 'code128', text: code, height: 22, paddingwidth: 10, paddingheight: 4 } : null,
  // Twelve digits would be drawn with a thirteenth, and the till would read another code than ours.
  ean13: (code) =>
    /^\d{13}$/.test(code) ? { bcid: 'ean13', text: code, paddingwidth: 11, paddingheight: 4 } : null,
  datamatrix: (code) => (ascii.test(code) ? { bcid: 'datamatrix', text: code, padding: 4 } : null),
  pdf417: (code) =>
    ascii.test(code) ? { bcid: 'pdf417', text: code, columns: 2, rowmult: 4, padding: 4 } : null,
  // The positive offer file's AI; its own digits begin with the format, 0 or 1, so 8112 can only be the AI.
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

const drawn = new LRUCache<string, Barcode>({ max: 1_000 });

/** The code in that symbology as SVG, black on white with its quiet zone. Falls back to a QR code. */
export function barcodeOf(code: string, symbology: Symbology): Barcode {
  const key = `${symbology} ${code}`;
  let barcode = drawn.get(key);
  if (!barcode) drawn.set(key, (barcode = draw(code, symbology)));
  return barcode;
}

function draw(code: string, symbology: Symbology): Barcode {
  const options = drawings[symbology](code);
  if (options) {
    try {
      const svg = toSVG({ ...options, scale: 1 });
      const [width, height] = sizeOf(svg);
      if (width <= maxModules)
        return {
          symbology,
          svg: framed(svg, width, height),
          shape: width > height * 1.2 ? 'wide' : 'square',
        };
    } catch {
      // Not this symbology's: a wrong check digit, a length it does not know.
    }
  }
  if (symbology === 'qrcode') throw new RangeError('the code does not fit a QR code');
  return draw(code, 'qrcode');
}

function sizeOf(svg: string): [number, number] {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return [Number(width), Number(height)];
}

/** White goes into the picture itself, so that no style sheet and no dark mode can take it away. */
function framed(svg: string, width: number, height: number): string {
  return svg
    .replace(/<svg [^>]*>\s*/, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">`)
    .replace('>', `><rect width="${width}" height="${height}" fill="#fff"/>`)
    .replace(/\n/g, '');
}

/** The same as PNG, a module four pixels wide (eight in square codes). */
export function barcodePng(code: string, symbology: Symbology): Promise<Buffer> {
  const options = drawings[barcodeOf(code, symbology).symbology](code)!;
  return toBuffer({ ...options, scale: 4, backgroundcolor: 'ffffff' });
}

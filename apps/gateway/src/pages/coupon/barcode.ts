import { symbologyFault, withoutAi, type Symbology } from '@tearoff/contracts';
import { LRUCache } from 'lru-cache';
import { toBuffer, toSVG, type RenderOptions } from 'bwip-js/node';

export interface Barcode {
  svg: string;
  /** Wide as a line of bars, or square. */
  shape: 'wide' | 'square';
}

// Past this many modules a bar is thinner than a pixel on a small phone and no scanner reads it.
const maxModules = 320;
/** The quiet zones are those that each symbology asks for; one module is 1 in linear and stacked codes, 2 in square ones. */
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

const drawn = new LRUCache<string, { barcode: Barcode | null }>({ max: 1_000 });

/**
 * The code in that symbology as SVG, black on white with its quiet zone. Null where the symbology cannot carry it: no
 * other is drawn in its place, for the till's scanner may not read that one.
 */
export function barcodeOf(code: string, symbology: Symbology): Barcode | null {
  const key = `${symbology} ${code}`;
  let known = drawn.get(key);
  if (!known) drawn.set(key, (known = { barcode: draw(code, symbology) }));
  return known.barcode;
}

function draw(code: string, symbology: Symbology): Barcode | null {
  if (symbologyFault(code, symbology)) return null;
  try {
    const svg = toSVG({ ...drawings[symbology](code), scale: 1 });
    const [width, height] = sizeOf(svg);
    if (width > maxModules) return null;
    return { svg: framed(svg, width, height), shape: width > height * 1.2 ? 'wide' : 'square' };
  } catch {
    // Longer than a picture of it can be.
    return null;
  }
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
export function barcodePng(code: string, symbology: Symbology): Promise<Buffer> | null {
  if (!barcodeOf(code, symbology)) return null;
  return toBuffer({ ...drawings[symbology](code), scale: 4, backgroundcolor: 'ffffff' });
}

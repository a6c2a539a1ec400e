import { LRUCache } from 'lru-cache';
import { PNG } from 'pngjs';
import { fileName, scales, sizes, type PictureFiles } from '../pictures/picture.shapes';

/** `#rrggbb`: the pass's own, and one that can be read on it. */
export interface Colors {
  color: string;
  ink: string;
}

export interface Stamps {
  given: number;
  needed: number;
}

/** RGBA. */
export interface Layer {
  data: Buffer;
  width: number;
  height: number;
}

type Rgb = readonly [number, number, number];
type Paint = (x: number, y: number) => Rgb;
type StampPart = 'ink' | 'ground' | null;

/** The logo that is drawn is square. */
const mark = { icon: sizes.icon, logo: { width: sizes.logo.height, height: sizes.logo.height } };
/** More would be too small to be seen. */
const maxStamps = 20;
/** Of the ground under a stamp, so that it is seen on any picture. */
const groundAlpha = 200;
/** Points of it around the stamp. */
const rim = 1.5;

const drawn = new LRUCache<string, PictureFiles>({ max: 300 });

/** Icon and logo at one, two and three times their size: a ticket on a tile of the colour. */
export function drawnMarks({ color, ink }: Colors): PictureFiles {
  return once(`${color} ${ink}`, () => {
    const files: PictureFiles = {};
    for (const picture of ['icon', 'logo'] as const) {
      const { width, height } = mark[picture];
      const paint = ticket(rgbOf(color), rgbOf(ink), width);
      for (const scale of scales) files[fileName(picture, scale)] = painted({ width, height }, scale, paint);
    }
    return files;
  });
}

/** The strip at one, two and three times its size: the colour, and on a stamp card its stamps. `height`: points. */
export function drawnStrip({ color, ink }: Colors, height: number, stamps: Stamps | null): PictureFiles {
  const shown = stamps && shownOf(stamps);
  return once(`${color} ${ink} ${height} ${shown?.given} ${shown?.needed}`, () => {
    const { width } = sizes.card_strip;
    const paint = strip(rgbOf(color), rgbOf(ink), height, shown);
    return Object.fromEntries(
      scales.map((scale) => [fileName('strip', scale), painted({ width, height }, scale, paint)]),
    );
  });
}

/** Stamps to lie over a strip's picture, each on a ground of the pass's colour. */
export function stampLayer({ color, ink }: Colors, height: number, stamps: Stamps, scale: number): Layer {
  const [width, partAt] = [sizes.card_strip.width, stampParts(height, shownOf(stamps))];
  const data = Buffer.alloc(width * height * scale * scale * 4);
  const paints = {
    ink: Buffer.from([...rgbOf(ink), 255]),
    ground: Buffer.from([...rgbOf(color), groundAlpha]),
  };
  for (let y = 0, at = 0; y < height * scale; y++)
    for (let x = 0; x < width * scale; x++, at += 4) {
      const part = partAt((x + 0.5) / scale, (y + 0.5) / scale);
      if (part) paints[part].copy(data, at);
    }
  return { data, width: width * scale, height: height * scale };
}

function once(key: string, draw: () => PictureFiles): PictureFiles {
  let files = drawn.get(key);
  if (!files) drawn.set(key, (files = draw()));
  return files;
}

const shownOf = ({ given, needed }: Stamps): Stamps => ({
  needed: Math.min(needed, maxStamps),
  given: Math.min(given, needed, maxStamps),
});

/** A ticket with two notches on a tile of the colour. */
function ticket(color: Rgb, ink: Rgb, size: number): Paint {
  const unit = size / 29;
  return (x, y) => {
    const [u, v] = [x / unit, y / unit];
    const inside = u > 5 && u < 24 && v > 8.5 && v < 20.5;
    const notched = Math.hypot(u - 5, v - 14.5) < 2.5 || Math.hypot(u - 24, v - 14.5) < 2.5;
    const torn = Math.abs(u - 17) < 0.6 && Math.floor(v) % 2 === 0;
    return inside && !notched && !torn ? ink : color;
  };
}

function strip(color: Rgb, ink: Rgb, height: number, stamps: Stamps | null): Paint {
  const shade = shading(color, height);
  if (!stamps) return (_, y) => shade(y);
  const partAt = stampParts(height, stamps);
  return (x, y) => (partAt(x, y) === 'ink' ? ink : shade(y));
}

/** What of which stamp is at a point of the strip: one that is given is full, the others are rings. */
function stampParts(height: number, { given, needed }: Stamps): (x: number, y: number) => StampPart {
  if (needed < 1) return () => null;
  const rows = needed > 5 ? 2 : 1;
  const columns = Math.ceil(needed / rows);
  const [cellWidth, cellHeight] = [sizes.card_strip.width / columns, height / rows];
  const radius = Math.min(cellWidth, cellHeight) * 0.36;
  return (x, y) => {
    const [column, row] = [Math.floor(x / cellWidth), Math.floor(y / cellHeight)];
    const stamp = row * columns + column;
    const distance = Math.hypot(x - (column + 0.5) * cellWidth, y - (row + 0.5) * cellHeight);
    if (stamp >= needed || distance > radius + rim) return null;
    if (distance > radius) return 'ground';
    return stamp < given || distance > radius - 2 ? 'ink' : 'ground';
  };
}

/** Darker downwards. Rows are painted from left to right, so the last shade is the next one nearly always. */
function shading(color: Rgb, height: number): (y: number) => Rgb {
  let [row, shade] = [-1, color];
  return (y) => {
    if (y !== row) {
      row = y;
      const [red, green, blue] = color.map((part) => Math.round(part * (1 - 0.18 * (y / height))));
      shade = [red, green, blue];
    }
    return shade;
  };
}

/** `size`: points, as the paint's. */
function painted(size: { width: number; height: number }, scale: number, paint: Paint): Buffer {
  const [width, height] = [size.width * scale, size.height * scale];
  const picture = new PNG({ width, height, colorType: 2, inputColorType: 2, inputHasAlpha: false });
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      const [red, green, blue] = paint((x + 0.5) / scale, (y + 0.5) / scale);
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
    }
  picture.data = data;
  // Differences to the left are nearly all zero: a strip is a few kilobytes.
  return PNG.sync.write(picture, { colorType: 2, inputColorType: 2, inputHasAlpha: false, filterType: 1 });
}

function rgbOf(color: string): Rgb {
  const number = Number.parseInt(color.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

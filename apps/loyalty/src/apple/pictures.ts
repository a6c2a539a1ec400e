import { LRUCache } from 'lru-cache';
import { PNG } from 'pngjs';

/** `stamps`: given and needed; drawn on the strip. */
export interface PictureWishes {
  color: string;
  stamps: { given: number; needed: number } | null;
}

type Rgb = readonly [number, number, number];
type Paint = (x: number, y: number) => Rgb;

const sizes = { icon: [29, 29], logo: [50, 50], strip: [375, 123] } as const;
/** More would be too small to be seen. */
const mostStamps = 20;
const white: Rgb = [255, 255, 255];

const drawn = new LRUCache<string, Record<string, Buffer>>({ max: 200 });

/**
 * Icon, logo and strip at one, two and three times their size, in the pass's colour: a ticket, and on a stamp card
 * the stamps. Nothing is fetched from where a face's pictures are: a pass has to be made when they are away.
 */
export function picturesOf({ color, stamps }: PictureWishes): Record<string, Buffer> {
  const shown = stamps && {
    needed: Math.min(stamps.needed, mostStamps),
    given: Math.min(stamps.given, stamps.needed, mostStamps),
  };
  const key = `${color} ${shown?.given} ${shown?.needed}`;
  let pictures = drawn.get(key);
  if (!pictures) drawn.set(key, (pictures = draw(rgbOf(color), shown)));
  return pictures;
}

function draw(color: Rgb, stamps: PictureWishes['stamps']): Record<string, Buffer> {
  const pictures: Record<string, Buffer> = {};
  for (const scale of [1, 2, 3]) {
    const suffix = scale === 1 ? '' : `@${scale}x`;
    for (const [name, [width, height]] of Object.entries(sizes)) {
      const paint = name === 'strip' ? strip(color, stamps) : ticket(color, width);
      pictures[`${name}${suffix}.png`] = png(width * scale, height * scale, (x, y) =>
        paint((x + 0.5) / scale, (y + 0.5) / scale),
      );
    }
  }
  return pictures;
}

/** A white ticket with two notches on a tile of the colour. */
function ticket(color: Rgb, size: number): Paint {
  const unit = size / 29;
  return (x, y) => {
    const [u, v] = [x / unit, y / unit];
    const inside = u > 5 && u < 24 && v > 8.5 && v < 20.5;
    const notched = Math.hypot(u - 5, v - 14.5) < 2.5 || Math.hypot(u - 24, v - 14.5) < 2.5;
    const torn = Math.abs(u - 17) < 0.6 && Math.floor(v) % 2 === 0;
    return inside && !notched && !torn ? white : color;
  };
}

function strip(color: Rgb, stamps: PictureWishes['stamps']): Paint {
  const [width, height] = sizes.strip;
  const shade = shading(color, height);
  if (!stamps || stamps.needed < 1) return (_, y) => shade(y);
  const rows = stamps.needed > 5 ? 2 : 1;
  const columns = Math.ceil(stamps.needed / rows);
  const [cellWidth, cellHeight] = [width / columns, height / rows];
  const radius = Math.min(cellWidth, cellHeight) * 0.36;
  return (x, y) => {
    const [column, row] = [Math.floor(x / cellWidth), Math.floor(y / cellHeight)];
    const stamp = row * columns + column;
    const distance = Math.hypot(x - (column + 0.5) * cellWidth, y - (row + 0.5) * cellHeight);
    if (stamp >= stamps.needed || distance > radius) return shade(y);
    return stamp < stamps.given || distance > radius - 2 ? white : shade(y);
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

function png(width: number, height: number, paint: Paint): Buffer {
  const picture = new PNG({ width, height, colorType: 2, inputColorType: 2, inputHasAlpha: false });
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      const [red, green, blue] = paint(x, y);
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

import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import sharp, { type Sharp } from 'sharp';
import { made } from './picture.maker';
import type { PictureFiles } from './picture.shapes';

const plain = (width: number, height: number, background: string, alpha = 1): Sharp =>
  sharp({
    create: { width, height, channels: 4, background: { ...rgb(background), alpha } },
  });

function rgb(color: string): { r: number; g: number; b: number } {
  const number = Number.parseInt(color.slice(1), 16);
  return { r: number >> 16, g: (number >> 8) & 255, b: number & 255 };
}

/** Left half red, right half blue, both as high as the picture. */
const halves = (width: number, height: number): Sharp =>
  plain(width, height, '#0000ff').composite([
    {
      input: { create: { width: width / 2, height, channels: 3, background: '#ff0000' } },
      left: 0,
      top: 0,
    },
  ]);

const read = (files: PictureFiles, name: string): PNG => PNG.sync.read(files[name]);

const sizesOf = (files: PictureFiles): Record<string, number[]> =>
  Object.fromEntries(
    Object.keys(files).map((name) => [name, [read(files, name).width, read(files, name).height]]),
  );

function pixel({ data, width }: PNG, x: number, y: number): number[] {
  const at = (y * width + x) * 4;
  return [...data.subarray(at, at + 4)];
}

function expectColor(actual: number[], expected: number[], tolerance = 12): void {
  const far = actual.some((part, index) => Math.abs(part - expected[index]) > tolerance);
  if (far) expect(actual).toEqual(expected);
}

describe('a logo', () => {
  it('is as large as 160 × 50 points allow, in its own ratio, with an icon beside it', async () => {
    expect(sizesOf(await made('logo', await plain(640, 320, '#ff0000').png().toBuffer()))).toEqual({
      'logo.png': [100, 50],
      'logo@2x.png': [200, 100],
      'logo@3x.png': [300, 150],
      'icon.png': [29, 29],
      'icon@2x.png': [58, 58],
      'icon@3x.png': [87, 87],
    });
  });

  it.each([
    [1_600, 100, [160, 10]],
    [90, 900, [5, 50]],
    [20, 10, [100, 50]],
    [9_000, 3, [160, 1]],
    [3, 9_000, [1, 50]],
    [1, 1, [50, 50]],
  ])('of %i × %i is %p points', async (width, height, points) => {
    const files = await made('logo', await plain(width, height, '#00ff00').png().toBuffer());
    const sizes = sizesOf(files);
    expect(sizes['logo.png']).toEqual(points);
    expect(sizes['logo@3x.png']).toEqual(points.map((each) => 3 * each));
  });

  it('keeps its transparency, and its icon has a free margin', async () => {
    const logo = await plain(320, 100, '#000000', 0)
      .composite([
        {
          input: { create: { width: 160, height: 100, channels: 3, background: '#ff8000' } },
          left: 0,
          top: 0,
        },
      ])
      .png()
      .toBuffer();
    const files = await made('logo', logo);
    expectColor(pixel(read(files, 'logo@2x.png'), 40, 50), [255, 128, 0, 255]);
    expect(pixel(read(files, 'logo@2x.png'), 280, 50)[3]).toBe(0);
    const icon = read(files, 'icon@3x.png');
    expectColor(pixel(icon, 20, 43), [255, 128, 0, 255]);
    expect([pixel(icon, 2, 43)[3], pixel(icon, 43, 5)[3]]).toEqual([0, 0]);
  });
});

describe('a strip', () => {
  it.each([
    ['card_strip', 123],
    ['coupon_strip', 144],
  ] as const)('of a %s is 375 × %i points', async (shape, height) => {
    const files = await made(shape, await halves(800, 800).png().toBuffer());
    expect(sizesOf(files)).toEqual({
      'strip.png': [375, height],
      'strip@2x.png': [750, 2 * height],
      'strip@3x.png': [1_125, 3 * height],
    });
  });

  it('is the middle of what is too high or too wide', async () => {
    const wide = plain(4_000, 100, '#00ff00').composite([
      {
        input: { create: { width: 100, height: 100, channels: 3, background: '#ff0000' } },
        left: 1_950,
        top: 0,
      },
    ]);
    const strip = read(await made('card_strip', await wide.png().toBuffer()), 'strip.png');
    expectColor(pixel(strip, 187, 60), [255, 0, 0, 255]);
    expectColor(pixel(strip, 5, 60), [0, 255, 0, 255]);
  });
});

describe('a picture', () => {
  it.each(['png', 'jpeg', 'webp', 'gif'] as const)('may be a %s', async (format) => {
    const strip = read(
      await made('coupon_strip', await halves(750, 288).toFormat(format).toBuffer()),
      'strip@2x.png',
    );
    expectColor(pixel(strip, 100, 144), [255, 0, 0, 255]);
    expectColor(pixel(strip, 650, 144), [0, 0, 255, 255]);
  });

  it('stands as its camera held it', async () => {
    const lying = await halves(400, 200).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const logo = read(await made('logo', lying), 'logo@3x.png');
    expect([logo.width, logo.height]).toEqual([75, 150]);
    expectColor(pixel(logo, 37, 20), [255, 0, 0, 255], 30);
    expectColor(pixel(logo, 37, 130), [0, 0, 255, 255], 30);
  });

  it('is of the colours that a screen shows, whatever a printer needed', async () => {
    const cmyk = await plain(100, 100, '#ff0000').toColourspace('cmyk').jpeg().toBuffer();
    const [red, green, blue] = pixel(read(await made('logo', cmyk), 'logo.png'), 25, 25);
    expect(red).toBeGreaterThan(150);
    expect(green + blue).toBeLessThan(200);
  });

  it.each([
    ['a page', Buffer.from('<!doctype html><title>Sign in</title>'), 'it is no PNG, JPEG, WebP or GIF'],
    [
      'an SVG',
      Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
      ),
      'it is no PNG, JPEG, WebP or GIF',
    ],
    ['a PDF', Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>'), 'it is no PNG, JPEG, WebP or GIF'],
    ['a TIFF', Buffer.from('49492a0008000000', 'hex'), 'it is no PNG, JPEG, WebP or GIF'],
    ['nothing', Buffer.alloc(0), 'it cannot be read: Input Buffer is empty'],
    ['a bomb', bomb(30_000, 30_000), 'it has more than 25 megapixels'],
  ])('may not be %s', async (_, bytes, why) => {
    for (const shape of ['logo', 'card_strip'] as const)
      await expect(made(shape, bytes)).rejects.toMatchObject({ name: 'PictureFault', message: why });
  });

  it('may have half as many pixels where each takes twice the room', async () => {
    const deep = (width: number) =>
      plain(width, 4_000, '#ff0000').toColourspace('rgb16').png({ progressive: true }).toBuffer();
    await expect(made('card_strip', await deep(4_000))).rejects.toMatchObject({
      name: 'PictureFault',
      message: 'it is larger than 100 MB unpacked',
    });
    const strip = read(await made('card_strip', await deep(400)), 'strip.png');
    expectColor(pixel(strip, 187, 60), [255, 0, 0, 255]);
  });

  it('may not be broken off', async () => {
    const whole = await halves(600, 600).png({ compressionLevel: 0 }).toBuffer();
    await expect(made('logo', whole.subarray(0, whole.length / 2))).rejects.toMatchObject({
      name: 'PictureFault',
      message: expect.stringMatching(/^it cannot be read/) as string,
    });
  });

  it('after one that could not be read is read', async () => {
    await expect(made('logo', bomb(6_000, 6_000))).rejects.toThrow();
    expect(await made('logo', await plain(10, 10, '#ff0000').png().toBuffer())).toBeDefined();
  });
});

/** A PNG of some kilobytes that says it is as large as that. */
function bomb(width: number, height: number): Buffer {
  const png = PNG.sync.write(new PNG({ width: 1, height: 1 }));
  const header = Buffer.from(png);
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  header.writeUInt32BE(crc(header.subarray(12, 29)), 29);
  const data = deflateSync(Buffer.alloc(1_000_000));
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write('IDAT', 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc(chunk.subarray(4, chunk.length - 4)), chunk.length - 4);
  return Buffer.concat([header.subarray(0, 33), chunk, Buffer.from('0000000049454e44ae426082', 'hex')]);
}

function crc(bytes: Buffer): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return (rest ^ 0xffffffff) >>> 0;
}

import sharp, { type Sharp } from 'sharp';
import { PictureFault } from './picture.fault';
import { fileName, scales, sizes, type PictureFiles, type PictureShape } from './picture.shapes';

const maxPixels = 25_000_000;
/** An interlaced one is unpacked as a whole: of 16 bits a part of a colour, half of the pixels are too many. */
const maxUnpackedBytes = 4 * maxPixels;
const longestSeconds = 10;
/** Points that stay free on each side of an icon, whose corners a phone cuts off. */
const iconMargin = 2;
const largest = 3;

// What others made is read one at a time, in one thread, by the four decoders that such files are read with elsewhere:
// libvips knows many more, SVG, PDF and TIFF among them.
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
  ],
});

/** Of 256 colours with their transparency: a photograph is a third as large as in full colour. */
export const asPng = (picture: Sharp): Promise<Buffer> =>
  picture.png({ palette: true, quality: 90, effort: 7 }).toBuffer();

interface Size {
  width: number;
  height: number;
}

interface Raw extends Size {
  data: Buffer;
}

/**
 * The files of a pass that a picture becomes: PNG, sRGB, at one, two and three times their size in points. A logo keeps
 * its ratio, a strip is cut to its middle; of an animation the first frame is taken. Throws PictureFault.
 */
export async function made(shape: PictureShape, original: Buffer): Promise<PictureFiles> {
  try {
    return await (shape === 'logo' ? logoAndIcon(original) : strip(sizes[shape], original));
  } catch (error) {
    throw wordsFor(error as Error);
  }
}

async function strip(size: Size, original: Buffer): Promise<PictureFiles> {
  await measured(original);
  const raw = await decoded(original, times(size, largest), 'cover');
  return filesOf('strip', (scale) => resized(raw, times(size, scale)));
}

async function logoAndIcon(original: Buffer): Promise<PictureFiles> {
  const size = fitted(await measured(original), sizes.logo);
  const raw = await decoded(original, times(size, largest), 'fill');
  return {
    ...(await filesOf('logo', (scale) => resized(raw, times(size, scale)))),
    ...(await filesOf('icon', (scale) => padded(raw, scale))),
  };
}

async function filesOf(
  picture: 'icon' | 'logo' | 'strip',
  at: (scale: number) => Sharp,
): Promise<PictureFiles> {
  const files: PictureFiles = {};
  for (const scale of scales) files[fileName(picture, scale)] = await asPng(at(scale));
  return files;
}

const opened = (original: Buffer): Sharp =>
  sharp(original, { limitInputPixels: maxPixels, sequentialRead: true, failOn: 'error' });

/** As its camera held it. */
async function measured(original: Buffer): Promise<Size> {
  const { autoOrient, channels, depth } = await opened(original).metadata();
  const bytes = autoOrient.width * autoOrient.height * channels * (depth === 'uchar' ? 1 : 2);
  if (bytes > maxUnpackedBytes)
    throw new PictureFault(`it is larger than ${maxUnpackedBytes / 1_000_000} MB unpacked`);
  return autoOrient;
}

async function decoded(original: Buffer, size: Size, fit: 'cover' | 'fill'): Promise<Raw> {
  const { data, info } = await opened(original)
    .autoOrient()
    .resize({ ...size, fit })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .timeout({ seconds: longestSeconds })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const ofRaw = ({ data, width, height }: Raw): Sharp => sharp(data, { raw: { width, height, channels: 4 } });

const resized = (raw: Raw, size: Size): Sharp => ofRaw(raw).resize({ ...size, fit: 'fill' });

/** In the middle of a square, which is transparent around it. */
function padded(raw: Raw, scale: number): Sharp {
  const background = { r: 0, g: 0, b: 0, alpha: 0 };
  const margin = iconMargin * scale;
  const { width, height } = times(sizes.icon, scale);
  return ofRaw(raw)
    .resize({ width: width - 2 * margin, height: height - 2 * margin, fit: 'contain', background })
    .extend({ top: margin, bottom: margin, left: margin, right: margin, background });
}

const times = ({ width, height }: Size, scale: number): Size => ({
  width: width * scale,
  height: height * scale,
});

/** The largest of that ratio within the bounds, in whole points. */
function fitted({ width, height }: Size, most: Size): Size {
  const factor = Math.min(most.width / width, most.height / height);
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}

function wordsFor(error: Error): PictureFault {
  if (error instanceof PictureFault) return error;
  const { message } = error;
  if (message.includes('unsupported image format'))
    return new PictureFault('it is no PNG, JPEG, WebP or GIF');
  if (message.includes('pixel limit'))
    return new PictureFault(`it has more than ${maxPixels / 1_000_000} megapixels`);
  return new PictureFault(`it cannot be read: ${message.split('\n')[0]}`);
}

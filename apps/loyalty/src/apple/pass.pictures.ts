import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import sharp from 'sharp';
import type { PassContent } from '../passes/pass-content';
import type { FilledPass } from '../passes/passes.service';
import { asPng } from '../pictures/picture.maker';
import { fileName, scales, sizes, type PictureFiles, type PictureShape } from '../pictures/picture.shapes';
import { pictureRequest } from '../pictures/picture.requests';
import { PicturesService, type KeptPicture } from '../pictures/pictures.service';
import { drawnMarks, drawnStrip, stampLayer, type Colors, type Stamps } from './pictures';

const maxBytes = 32_000_000;

/**
 * The pictures of a pass: the face's own as far as they are there, drawn ones in their place. Nothing is fetched here,
 * and no picture keeps a pass from being made.
 */
@Injectable()
export class PassPictures {
  private readonly logger = new Logger(PassPictures.name);
  /** By what they are made of: one strip is on the passes of all members who have as many stamps. */
  private readonly finished = new LRUCache<string, PictureFiles>({
    maxSize: maxBytes,
    sizeCalculation: (files) => Object.values(files).reduce((sum, { length }) => sum + length, 1),
  });

  private readonly finishing = new Map<string, Promise<PictureFiles | null>>();

  constructor(private readonly pictures: PicturesService) {}

  async of({ pass, content }: FilledPass, colors: Colors): Promise<PictureFiles> {
    const stripShape = content.membership ? 'card_strip' : 'coupon_strip';
    const own = await this.kept(pass.accountId, content, stripShape);
    const stamps = stampsOf(content.membership);
    const [marks, strip] = await Promise.all([
      this.finish(own.logo, colors.color, (files) => onColor(files, colors.color)),
      stamps
        ? this.finish(own.strip, JSON.stringify([colors, stamps]), (files) =>
            underStamps(files, colors, stamps),
          )
        : this.finish(own.strip, '', (files) => Promise.resolve(files)),
    ]);
    return {
      ...(marks ?? drawnMarks(colors)),
      ...(strip ?? drawnStrip(colors, sizes[stripShape].height, stamps)),
    };
  }

  private async kept(
    accountId: string,
    { of: { id: subjectId }, logoUrl, imageUrl }: PassContent,
    stripShape: PictureShape,
  ): Promise<{ logo?: KeptPicture; strip?: KeptPicture }> {
    const logo = logoUrl ? pictureRequest({ accountId, subjectId, shape: 'logo', url: logoUrl }) : null;
    const strip = imageUrl
      ? pictureRequest({ accountId, subjectId, shape: stripShape, url: imageUrl })
      : null;
    const kept = await this.pictures.kept([logo, strip].filter((wish) => wish !== null));
    const of = (id: string | undefined) => kept.find((picture) => picture.id === id);
    return { logo: of(logo?.id), strip: of(strip?.id) };
  }

  /** Null where there is nothing to finish. However many phones ask for it at once, it is done once. */
  private async finish(
    picture: KeptPicture | undefined,
    how: string,
    finish: (files: PictureFiles) => Promise<PictureFiles>,
  ): Promise<PictureFiles | null> {
    if (!picture) return null;
    const key = `${picture.id} ${picture.digest} ${how}`;
    const known = this.finished.get(key) ?? this.finishing.get(key);
    if (known) return known;
    const files = this.finishNow(picture.id, how, finish).finally(() => this.finishing.delete(key));
    this.finishing.set(key, files);
    return files;
  }

  private async finishNow(
    id: string,
    how: string,
    finish: (files: PictureFiles) => Promise<PictureFiles>,
  ): Promise<PictureFiles | null> {
    try {
      const kept = await this.pictures.files(id);
      if (!kept) return null;
      const files = await finish(kept.files);
      this.finished.set(`${id} ${kept.digest} ${how}`, files);
      return files;
    } catch (error) {
      this.logger.error(`the picture ${id} could not be put on a pass: ${String(error)}`);
      return null;
    }
  }
}

/** The icon on a tile: what is transparent a phone would show as black. */
async function onColor(files: PictureFiles, background: string): Promise<PictureFiles> {
  const finished = { ...files };
  for (const scale of scales) {
    const name = fileName('icon', scale);
    finished[name] = await asPng(sharp(files[name]).flatten({ background }));
  }
  return finished;
}

async function underStamps(files: PictureFiles, colors: Colors, stamps: Stamps): Promise<PictureFiles> {
  const finished: PictureFiles = {};
  for (const scale of scales) {
    const name = fileName('strip', scale);
    const { data, width, height } = stampLayer(colors, sizes.card_strip.height, stamps, scale);
    const layer = { input: data, raw: { width, height, channels: 4 as const } };
    finished[name] = await asPng(sharp(files[name]).composite([layer]));
  }
  return finished;
}

function stampsOf(membership: PassContent['membership']): Stamps | null {
  if (membership?.kind !== 'stamps') return null;
  const needed = membership.rewards[0]?.cost ?? 10;
  return { given: membership.balance, needed };
}

import { createHash } from 'node:crypto';
import type { Campaign, Card } from '@tearoff/contracts';
import type { PictureShape } from './picture.shapes';

/** A picture that a card or a campaign (`subjectId`) shows on its passes. */
export interface PictureWish {
  id: string;
  accountId: string;
  subjectId: string;
  shape: PictureShape;
  url: string;
}

/** Faces that show the same address in the same shape share the picture, within their account. */
export function pictureWish(wish: Omit<PictureWish, 'id'>): PictureWish {
  const { accountId, shape, url } = wish;
  const id = createHash('sha256').update(`${accountId} ${shape} ${url}`).digest('base64url');
  return { ...wish, id };
}

export function wishesOfCard({ id: subjectId, accountId, face }: Card): PictureWish[] {
  const { logoUrl, imageUrl } = face;
  return [
    ...(logoUrl ? [pictureWish({ accountId, subjectId, shape: 'logo', url: logoUrl })] : []),
    ...(imageUrl ? [pictureWish({ accountId, subjectId, shape: 'card_strip', url: imageUrl })] : []),
  ];
}

/** A draft has no coupons yet. */
export function wishesOfCampaign({ id, accountId, status, content, offers }: Campaign): PictureWish[] {
  if (status === 'draft') return [];
  const faces = [content, ...offers.map((offer) => offer.content ?? {})];
  const wishes = (shape: PictureShape, urls: readonly (string | undefined)[]): PictureWish[] =>
    [...new Set(urls)].flatMap((url) => (url ? [pictureWish({ accountId, subjectId: id, shape, url })] : []));
  return [
    ...wishes(
      'logo',
      faces.map(({ logoUrl }) => logoUrl),
    ),
    ...wishes(
      'coupon_strip',
      faces.map(({ imageUrl }) => imageUrl),
    ),
  ];
}

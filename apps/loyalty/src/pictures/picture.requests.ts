import { createHash } from 'node:crypto';
import type { Campaign, Card } from '@tearoff/contracts';
import type { PictureShape } from './picture.shapes';

/** A picture that a card or a campaign (`subjectId`) shows on its passes. */
export interface PictureRequest {
  id: string;
  accountId: string;
  subjectId: string;
  shape: PictureShape;
  url: string;
}

/** Faces that show the same address in the same shape share the picture, within their account. */
export function pictureRequest(wish: Omit<PictureRequest, 'id'>): PictureRequest {
  const { accountId, shape, url } = wish;
  const id = createHash('sha256').update(`${accountId} ${shape} ${url}`).digest('base64url');
  return { ...wish, id };
}

export function pictureRequestsOfCard({ id: subjectId, accountId, design }: Card): PictureRequest[] {
  const { logoUrl, imageUrl } = design;
  return [
    ...(logoUrl ? [pictureRequest({ accountId, subjectId, shape: 'logo', url: logoUrl })] : []),
    ...(imageUrl ? [pictureRequest({ accountId, subjectId, shape: 'card_strip', url: imageUrl })] : []),
  ];
}

/** A draft has no coupons yet. */
export function pictureRequestsOfCampaign({
  id,
  accountId,
  status,
  content,
  offers,
}: Campaign): PictureRequest[] {
  if (status === 'draft') return [];
  const faces = [content, ...offers.map((offer) => offer.content ?? {})];
  const wishes = (shape: PictureShape, urls: readonly (string | undefined)[]): PictureRequest[] =>
    [...new Set(urls)].flatMap((url) =>
      url ? [pictureRequest({ accountId, subjectId: id, shape, url })] : [],
    );
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

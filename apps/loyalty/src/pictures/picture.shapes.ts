/** What a face's picture is made into: the logo and icon of a card, or the strip of a card or coupon. */
export const pictureShapes = ['logo', 'card_strip', 'coupon_strip'] as const;
export type PictureShape = (typeof pictureShapes)[number];

export const scales = [1, 2, 3] as const;

/** Points, as Apple allots them: `logo` at most; a coupon's strip is higher than a card's. */
export const sizes = {
  icon: { width: 29, height: 29 },
  logo: { width: 160, height: 50 },
  card_strip: { width: 375, height: 123 },
  coupon_strip: { width: 375, height: 144 },
} as const;

/** A picture's file in a pass: `strip@2x.png`. */
export const fileName = (picture: 'icon' | 'logo' | 'strip', scale: number): string =>
  `${picture}${scale === 1 ? '' : `@${scale}x`}.png`;

/** By the names that they have in a pass. */
export type PictureFiles = Record<string, Buffer>;

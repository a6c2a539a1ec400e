import { coupontools } from './coupontools/coupontools.facade';
import { esputnik } from './esputnik/esputnik.facade';
import type { Facade } from './facade';
import { liquidBarcodes } from './liquid-barcodes/liquid-barcodes.facade';

const facades: readonly Facade[] = [coupontools, esputnik, liquidBarcodes];

/** Whose address this is; undefined for our own. */
export const facadeOf = (url: string | undefined): Facade | undefined =>
  facades.find(({ prefix }) => url?.startsWith(prefix));

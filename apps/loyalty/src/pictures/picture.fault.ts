/** Why an address gives no picture, in words that follow "not used:". */
export class PictureFault extends Error {
  override readonly name = 'PictureFault';
}

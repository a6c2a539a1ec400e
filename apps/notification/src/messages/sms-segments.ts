const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const onlyBasic = new RegExp(`^[${basic.replace('-', '\\-')}]*$`);
const extended = '\f^{}\\[~]|€';
const units = new Map<string, number>([
  ...[...basic].map((character): [string, number] => [character, 1]),
  ...[...extended].map((character): [string, number] => [character, 2]),
]);

/** Sizes in units: one message alone, and each part of several (the rest holds the joining header). */
const gsm = { alone: 160, part: 153 };
const ucs2 = { alone: 70, part: 67 };

export const smsEncoding = (text: string): 'gsm7' | 'ucs2' =>
  [...text].every((character) => units.has(character)) ? 'gsm7' : 'ucs2';

/**
 * How many SMS a text is charged as (3GPP TS 23.038): GSM 7-bit with its two-unit extension characters when
 * every character is in it, else UCS-2. A two-unit character is never split over two parts.
 */
export function smsSegments(text: string): number {
  // Nearly every message: looked at once, without taking it apart.
  if (text.length <= gsm.alone && onlyBasic.test(text)) return 1;
  const characters = [...text];
  const sevenBit = smsEncoding(text) === 'gsm7';
  const size = sevenBit ? gsm : ucs2;
  const widths = characters.map((character) => (sevenBit ? units.get(character)! : character.length));
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= size.alone) return 1;
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > size.part) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return parts;
}

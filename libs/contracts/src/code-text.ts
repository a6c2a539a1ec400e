const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The form in which codes are stored and compared: upper case, without the spaces and hyphens that people
 * and printers put in.
 */
export const normaliseCode = (code: string): string => code.replace(/[\s-]+/g, '').toUpperCase();

/**
 * The check character of ISO/IEC 7064 MOD 37,36 for a text of digits and capital letters. It catches every
 * single mistyped character and every swap of two neighbours. One algorithm for every generated code,
 * whatever its charset, so that a code can be told mistyped without knowing its campaign.
 */
export function checkCharacterOf(text: string): string {
  let product = 36;
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) throw new RangeError(`not a digit or capital letter: ${character}`);
    const sum = (product + value) % 36 || 36;
    product = (sum * 2) % 37;
  }
  return alphabet[(37 - product) % 36];
}

/** Whether a normalised code ends in its check character. Imported codes need not. */
export function hasValidCheckCharacter(code: string): boolean {
  if (!/^[0-9A-Z]{2,}$/.test(code)) return false;
  return checkCharacterOf(code.slice(0, -1)) === code.at(-1);
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Bidi marks, zero-width and other invisible characters, and the control characters that scanners send. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\u2800]+/gu;
/** Spaces and every kind of hyphen and dash; U+30FC is what a Japanese keyboard types for a hyphen. */
const separators = /[\s\p{Dash}\u2043\u30fc]+/gu;

/**
 * The form in which codes are stored and compared: upper case, without the spaces, hyphens and dashes that people,
 * printers and word processors put in, and without invisible characters; full-width letters and digits are the plain
 * ones. It is also the rule of uniqueness: two codes with the same form are the same code.
 */
export function normaliseCode(code: string): string {
  if (/^[\x20-\x7e]*$/.test(code)) return code.replace(/[ -]+/g, '').toUpperCase();
  const visible = code.replace(invisible, '').normalize('NFKC').replace(invisible, '');
  return visible.replace(separators, '').toUpperCase();
}

/**
 * A code as a file or a person wrote it, in plain characters: full-width letters, typographic dashes and spaces become
 * those of ASCII, invisible characters go. Control characters stay, for they are a fault of a file.
 */
export const printableCode = (code: string): string =>
  code
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]+/gu, '')
    .normalize('NFKC')
    .replace(/[\p{Dash}\u2043\u30fc]/gu, '-')
    .replace(/\p{Zs}/gu, ' ')
    .trim();

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

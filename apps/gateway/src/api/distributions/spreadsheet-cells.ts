/** `4.47912E+11`, `4,47912E+11`, `4E+11`. An id such as `12E345` has neither sign nor decimals. */
const rounded = /^\d+(?:[.,]\d+E[+-]?|E[+-])\d+$/i;

/** A cell without what spreadsheets and tools put around a text so that it stays one. */
export function cellText(cell: string): string {
  const text = cell.trim();
  const formula = /^=\s*"(.*)"$/s.exec(text);
  if (formula) return formula[1].replaceAll('""', '"').trim();
  return text.replace(/^['\u2018\u2019`](?=[=+\-@])/, '').trim();
}

/**
 * A phone number as spreadsheets and tools write it: with an apostrophe in front, with `.0` behind, with `p:` (lead
 * forms), the first of several (` ::: `, Google Contacts).
 */
export const phoneText = (cell: string): string =>
  firstOf(cellText(cell))
    .replace(/^['\u2018\u2019`]\s*(?=[+(\d])/, '')
    .replace(/^p:\s*(?=[+\d])/i, '')
    .replace(/^(\+?\d{6,})\.0+$/, '$1');

export const emailText = (cell: string): string => firstOf(cellText(cell)).replace(/^mailto:/i, '');

/** An id that may be a number. */
export const idText = (cell: string): string => cellText(cell).replace(/^['\u2018\u2019`](?=\d)/, '');

const firstOf = (text: string): string => text.split(' ::: ', 1)[0].trim();

export const isRounded = (text: string): boolean => rounded.test(text);
export const roundedNumber = (text: string): string =>
  `"${text.slice(0, 40)}" is a rounded number: a spreadsheet has rounded it. Format the column as text and export again`;

import { normaliseCode, printableCode } from './code-text';

export const longestImportedCode = 40;

// What printers and scanners agree on (Code 39's set and some), beginning with a letter or digit so that no
// spreadsheet takes a code for a formula.
const permitted = /^[A-Za-z0-9][A-Za-z0-9 $%*+./:_#-]*$/;

/** `printed`: as the file has it, in plain characters; `code`: as it is stored and compared. */
export type ImportedCode = { printed: string; code: string } | { fault: string };

/** A code as a file or a list brings it, or what is wrong with it, to stand after "the code". */
export function readImportedCode(text: string): ImportedCode {
  const printed = withoutSpreadsheetMarks(printableCode(text));
  if (!printed) return { fault: 'is blank' };
  if (printed.length > longestImportedCode)
    return { fault: `is longer than ${longestImportedCode} characters` };
  if (isRounded(printed))
    return {
      fault: 'is a rounded number: a spreadsheet has rounded it. Format the column as text and export again',
    };
  if (!permitted.test(printed)) return { fault: 'has characters that a code cannot have' };
  return { printed, code: normaliseCode(printed) };
}

/** `="0012"` and `'0012` are how spreadsheets are made to keep a number as text. */
function withoutSpreadsheetMarks(text: string): string {
  const formula = /^=\s*"(.*)"$/.exec(text);
  if (formula) return formula[1].replaceAll('""', '"').trim();
  return text.replace(/^['\u2018\u2019](?=[A-Za-z0-9])/, '').trim();
}

/** `1.23E+15`, `1,23E+15`, `1E+15`. A code such as `12E345` has neither sign nor decimals. */
const isRounded = (text: string): boolean => /^\d+(?:[.,]\d+E[+-]?|E[+-])\d+$/i.test(text);

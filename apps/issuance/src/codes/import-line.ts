import { normaliseCode } from '@tearoff/contracts';

export interface ReadCode {
  line: number;
  code: string;
  /** As written, where that differs. */
  printedCode: string | null;
}

export const longestImportedCode = 40;

// What printers and scanners agree on (Code 39's set and some), beginning with a letter or digit so that no
// spreadsheet takes a code for a formula.
const permitted = /^[A-Za-z0-9][A-Za-z0-9 $%*+./:_#-]*$/;

/** A code as a stack keeps it, or what is wrong with the line. */
export function readCode({ line, code: text }: { line: number; code: string }): ReadCode | string {
  const printed = text.trim();
  if (!printed) return 'is blank';
  if (printed.length > longestImportedCode) return `is longer than ${longestImportedCode} characters`;
  if (!permitted.test(printed)) return 'has characters that a code cannot have';
  const code = normaliseCode(printed);
  return { line, code, printedCode: code === printed ? null : printed };
}

/** A file may begin with the name of its column. */
export const isHeader = ({ line, code }: { line: number; code: string }): boolean =>
  line === 1 && /^\ufeff?\s*"?codes?"?\s*$/i.test(code);

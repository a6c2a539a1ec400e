import { DomainError } from '@tearoff/contracts';
import { CsvError } from 'csv-parse';

/** What the parser takes for one record, in characters; a longer one is a file whose quote was left open. */
export const longestRecord = 1024 * 1024;
const longestRow = 64 * 1024;
export const tooLong = `is longer than ${longestRow} characters`;

/** Whether a record is longer than a row may be. Fails when it has swallowed lines, as a quote that was left open does. */
export function isTooLong(record: readonly string[], line: number): boolean {
  if (record.reduce((sum, cell) => sum + cell.length, 0) <= longestRow) return false;
  if (record.some((cell) => /[\r\n]/.test(cell))) throw unreadable(line);
  return true;
}

/** The parser's fault as the caller's, whose whole file is refused: which lines a quote has swallowed no one can tell. */
export function asUnreadable(error: unknown): unknown {
  return error instanceof CsvError ? unreadable((error as { lines?: number }).lines) : error;
}

function unreadable(line: number | undefined): DomainError {
  const errors = [{ path: `/lines/${line}`, message: 'is not readable as CSV: is a quote left open?' }];
  return new DomainError('request.invalid', 'invalid', 'The file is not readable as CSV.', { errors });
}

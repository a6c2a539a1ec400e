import type { Readable } from 'node:stream';
import type { FieldError } from '@tearoff/contracts';
import { isTooLong, tooLong } from '../../http/csv/csv-record';
import { csvRecords, type CsvRecord } from '../../http/csv/csv-records';
import { codeColumnsOf, type CodeColumnChoice, type CodeColumns } from './code-columns';

interface CodeLine {
  line: number;
  code: string;
  expires?: string;
}

/** Some lines of a file; `faults` are those that could not be read. */
export interface CodeChunk {
  lines: CodeLine[];
  faults: FieldError[];
}

const chunkSize = 2_000;
/** A code has at most 40 characters; more is cut here and refused by its owner. */
const maxText = 200;
/** By so many records it is told which column has the codes. */
const headRecords = 50;

/**
 * Reads codes, and the ends that a file gives them, out of a CSV upload, some thousands at a time. Which column they
 * are in: see `codeColumnsOf`. Codes are ASCII, so that an encoding that is unclear matters to headers alone.
 */
export async function* codeChunks(
  upload: Readable,
  choice: CodeColumnChoice = {},
  charset?: string,
): AsyncGenerator<CodeChunk> {
  let columns: CodeColumns | undefined;
  let head: CsvRecord[] = [];
  let chunk: CodeChunk = { lines: [], faults: [] };
  const begin = (): CodeColumns => {
    const found = codeColumnsOf(
      head.map(({ cells }) => cells),
      choice,
    );
    for (const record of found.hasHeader ? head.slice(1) : head) add(chunk, found, record);
    head = [];
    return found;
  };
  for await (const record of csvRecords(upload, { charset, guess: true })) {
    if (columns) add(chunk, columns, record);
    else if (head.push(record) === headRecords) columns = begin();
    if (chunk.lines.length + chunk.faults.length < chunkSize) continue;
    yield chunk;
    chunk = { lines: [], faults: [] };
  }
  if (!columns && head.length > 0) begin();
  if (chunk.lines.length + chunk.faults.length > 0) yield chunk;
}

function add({ lines, faults }: CodeChunk, columns: CodeColumns, { line, cells }: CsvRecord): void {
  if (isTooLong(cells, line)) return void faults.push({ path: `/lines/${line}`, message: tooLong });
  const code = (cells[columns.code] ?? '').slice(0, maxText);
  const expires = columns.expires === null ? '' : (cells[columns.expires] ?? '').trim().slice(0, maxText);
  lines.push(expires === '' ? { line, code } : { line, code, expires });
}

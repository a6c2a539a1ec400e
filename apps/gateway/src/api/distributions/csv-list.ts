import type { Readable } from 'node:stream';
import type { FieldError, ListRow } from '@tearoff/contracts';
import { isTooLong, tooLong } from '../../http/csv/csv-record';
import { openCsv } from '../../http/csv/csv-records';
import type { ColumnChoice } from './column-choice';
import { CsvColumns, isUnread, unusable, type ShownColumn } from './csv-columns';
import { isFault, readRow, type ListChunk } from './list-rows';

const chunkRows = 2_000;
const chunkCharacters = 512 * 1024;

/** What the caller says of a file. `charset`: its encoding; `choices`: which columns are what. */
export interface ListReading {
  charset?: string;
  choices?: readonly ColumnChoice[];
}

/** How a file was understood; known with its first chunk. */
export interface ListFile {
  encoding: string;
  separator: string;
  columns: ShownColumn[];
}

/** Reads a CSV list with a header row, some rows in memory at a time; see `openCsv`. */
export async function* csvChunks(
  upload: Readable,
  { charset, choices }: ListReading = {},
  onOpened: (file: ListFile) => void = () => undefined,
): AsyncGenerator<ListChunk> {
  let columns: CsvColumns | null = null;
  let chunk: ListChunk = { rows: [], faults: [] };
  let characters = 0;
  const { encoding, separator, records } = await openCsv(upload, { charset });
  for await (const { line, cells } of records) {
    if (!columns) {
      columns = CsvColumns.of(cells, line, choices);
      onOpened({ encoding, separator, columns: columns.shown });
      continue;
    }
    add(chunk, columns, cells, line);
    characters += cells.reduce((sum, cell) => sum + cell.length, 0);
    if (chunk.rows.length + chunk.faults.length < chunkRows && characters < chunkCharacters) continue;
    yield chunk;
    chunk = { rows: [], faults: [] };
    characters = 0;
  }
  if (!columns) throw unusable([{ path: '/lines/1', message: 'has no header row' }]);
  if (chunk.rows.length + chunk.faults.length > 0) yield chunk;
}

function add(
  { rows, faults }: ListChunk,
  columns: CsvColumns,
  record: readonly string[],
  line: number,
): void {
  const read = readRecord(columns, record, line);
  if (isFault(read)) faults.push(read);
  else rows.push(read);
}

function readRecord(columns: CsvColumns, record: readonly string[], line: number): ListRow | FieldError {
  const path = `/lines/${line}`;
  if (isTooLong(record, line)) return { path, message: tooLong };
  const row = columns.rowOf(record);
  return isUnread(row) ? { path, message: row.fault } : readRow(line, row);
}

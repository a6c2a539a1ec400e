import type { Readable } from 'node:stream';
import type { FieldError, ListRow } from '@tearoff/contracts';
import { isTooLong, tooLong } from '../http/csv-record';
import { csvRecords } from '../http/csv-records';
import { CsvColumns, unusable } from './csv-columns';
import { isFault, readRow, type ListChunk } from './list-rows';

const chunkRows = 2_000;
const chunkCharacters = 512 * 1024;

/** Reads a CSV list with a header row, some rows in memory at a time; see `csvRecords`. */
export async function* csvChunks(upload: Readable): AsyncGenerator<ListChunk> {
  let columns: CsvColumns | null = null;
  let chunk: ListChunk = { rows: [], faults: [] };
  let characters = 0;
  for await (const { line, cells } of csvRecords(upload)) {
    if (!columns) {
      columns = CsvColumns.of(cells, line);
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
  return row ? readRow(line, row) : { path, message: 'has more cells than the header has' };
}

import { Readable } from 'node:stream';
import type { FieldError, ListRow } from '@tearoff/contracts';
import { parse } from 'csv-parse';
import { asUnreadable, isTooLong, longestRecord, tooLong } from '../http/csv-record';
import { CsvColumns, unusable } from './csv-columns';
import { isFault, readRow, type ListChunk } from './list-rows';

const chunkRows = 2_000;
const chunkCharacters = 512 * 1024;
const longestHeader = 64 * 1024;

interface Parsed {
  record: string[];
  info: { lines: number };
}

/**
 * Reads a CSV list with a header row, some rows in memory at a time; lines count from 1. A quote that is never
 * closed fails the whole file: which lines it has swallowed nobody can tell.
 */
export async function* csvChunks(upload: Readable): AsyncGenerator<ListChunk> {
  const { delimiter, whole } = await withDelimiter(upload);
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    max_record_size: longestRecord,
    // Named, for to find them out the parser makes a buffer for each byte.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const source = Readable.from(whole);
  source.once('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let columns: CsvColumns | null = null;
  let chunk: ListChunk = { rows: [], faults: [] };
  let characters = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (!columns) {
        columns = CsvColumns.of(record, info.lines);
        continue;
      }
      if (record.every((cell) => cell.trim() === '')) continue;
      add(chunk, columns, record, info.lines);
      characters += record.reduce((sum, cell) => sum + cell.length, 0);
      if (chunk.rows.length + chunk.faults.length < chunkRows && characters < chunkCharacters) continue;
      yield chunk;
      chunk = { rows: [], faults: [] };
      characters = 0;
    }
  } catch (error) {
    throw asUnreadable(error);
  } finally {
    source.unpipe(parser);
    source.destroy();
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

/**
 * What separates the cells, told from the header: comma, semicolon or tab, whichever it has most of. Names of
 * people may hold the others.
 */
async function withDelimiter(
  upload: Readable,
): Promise<{ delimiter: string; whole: AsyncGenerator<Buffer> }> {
  // Not destroyed when the parser gives up: the rest of the request is still to be read.
  const chunks = upload.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  const head: Buffer[] = [];
  let bytes = 0;
  let header: string | undefined;
  while (header === undefined && bytes < longestHeader) {
    const { value, done } = await chunks.next();
    if (done) break;
    head.push(value);
    bytes += value.length;
    header = firstLineOf(Buffer.concat(head).toString());
  }
  const text = (header ?? Buffer.concat(head).toString()).replaceAll(/"[^"]*"/g, '');
  const [delimiter] = [',', ';', '\t'].sort((a, b) => text.split(b).length - text.split(a).length);
  async function* whole(): AsyncGenerator<Buffer> {
    yield* head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  return { delimiter, whole: whole() };
}

/**
 * The first line that holds anything, once its end is there. Two searches and not one pattern for both: such a pattern
 * begins anew at every character of a line that does not end, and 64 kB of it took a minute.
 */
function firstLineOf(text: string): string | undefined {
  const start = text.search(/[^\s\ufeff]/);
  const line = start < 0 ? '' : text.slice(start);
  const end = line.search(/[\n\r]/);
  return end < 0 ? undefined : line.slice(0, end);
}

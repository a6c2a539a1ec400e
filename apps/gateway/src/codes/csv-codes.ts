import type { Readable } from 'node:stream';
import type { FieldError } from '@tearoff/contracts';
import { parse, type CsvError } from 'csv-parse';

export interface CodeChunk {
  lines: { line: number; code: string }[];
  faults: FieldError[];
}

const chunkSize = 2_000;
/** A code has at most 40 characters; more is cut here and refused by its owner. */
const maxText = 200;

interface Parsed {
  record: string[];
  info: { lines: number };
}

/**
 * Reads codes out of a CSV upload, some thousands at a time: the column headed `code` where the first line
 * has one, the first column otherwise. Comma, semicolon and tab all separate; lines count from 1.
 */
export async function* codeChunks(upload: Readable): AsyncGenerator<CodeChunk> {
  let chunk: CodeChunk = { lines: [], faults: [] };
  let column = 0;
  let first = true;
  const parser = parse({
    bom: true,
    delimiter: [',', ';', '\t'],
    info: true,
    max_record_size: 64 * 1024,
    relax_column_count: true,
    skip_records_with_error: true,
  });
  parser.on('skip', (error?: CsvError) => {
    chunk.faults.push({ path: `/lines/${String(error?.lines ?? '')}`, message: 'is not readable as CSV' });
  });
  upload.once('error', (error) => parser.destroy(error));
  upload.pipe(parser);
  for await (const { record, info } of parser as AsyncIterable<Parsed>) {
    if (first) {
      first = false;
      const named = record.findIndex((cell) => cell.trim().toLowerCase() === 'code');
      if (named >= 0) {
        column = named;
        continue;
      }
    }
    chunk.lines.push({ line: info.lines, code: (record[column] ?? '').slice(0, maxText) });
    if (chunk.lines.length + chunk.faults.length >= chunkSize) {
      yield chunk;
      chunk = { lines: [], faults: [] };
    }
  }
  if (chunk.lines.length + chunk.faults.length > 0) yield chunk;
}

import type { Readable } from 'node:stream';
import type { FieldError } from '@tearoff/contracts';
import { parse } from 'csv-parse';
import { asUnreadable, isTooLong, longestRecord, tooLong } from '../http/csv-record';

/** Some lines of a file; `faults` are those that could not be read. */
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
 * has one, the first column otherwise. Comma, semicolon and tab all separate; lines count from 1. A quote that
 * is never closed fails the whole file: which lines it has swallowed nobody can tell.
 */
export async function* codeChunks(upload: Readable): AsyncGenerator<CodeChunk> {
  let chunk: CodeChunk = { lines: [], faults: [] };
  let column = 0;
  let first = true;
  const parser = parse({
    bom: true,
    delimiter: [',', ';', '\t'],
    info: true,
    max_record_size: longestRecord,
    relax_column_count: true,
    relax_quotes: true,
  });
  upload.once('error', (error) => parser.destroy(error));
  upload.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (first) {
        first = false;
        const named = record.findIndex((cell) => cell.trim().toLowerCase() === 'code');
        if (named >= 0) {
          column = named;
          continue;
        }
      }
      const line = info.lines;
      if (isTooLong(record, line)) chunk.faults.push({ path: `/lines/${line}`, message: tooLong });
      else chunk.lines.push({ line, code: (record[column] ?? '').slice(0, maxText) });
      if (chunk.lines.length + chunk.faults.length >= chunkSize) {
        yield chunk;
        chunk = { lines: [], faults: [] };
      }
    }
  } catch (error) {
    throw asUnreadable(error);
  } finally {
    upload.unpipe(parser);
  }
  if (chunk.lines.length + chunk.faults.length > 0) yield chunk;
}

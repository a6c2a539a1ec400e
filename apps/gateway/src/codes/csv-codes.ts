import type { Readable } from 'node:stream';
import { DomainError } from '@tearoff/contracts';
import { CsvError, parse } from 'csv-parse';

export type CodeLine = { line: number; code: string };

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
export async function* codeChunks(upload: Readable): AsyncGenerator<CodeLine[]> {
  let chunk: CodeLine[] = [];
  let column = 0;
  let first = true;
  const parser = parse({
    bom: true,
    delimiter: [',', ';', '\t'],
    info: true,
    max_record_size: 64 * 1024,
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
      chunk.push({ line: info.lines, code: (record[column] ?? '').slice(0, maxText) });
      if (chunk.length >= chunkSize) {
        yield chunk;
        chunk = [];
      }
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error) : error;
  } finally {
    upload.unpipe(parser);
  }
  if (chunk.length > 0) yield chunk;
}

function unreadable({ lines }: CsvError): DomainError {
  const errors = [
    { path: `/lines/${String(lines)}`, message: 'is not readable as CSV: is a quote left open?' },
  ];
  return new DomainError('request.invalid', 'invalid', 'The file is not readable as CSV.', { errors });
}

import { Readable } from 'node:stream';
import { DomainError } from '@tearoff/contracts';
import { parse } from 'csv-parse';
import { asUnreadable, longestRecord } from './csv-record';

/** A record of a file and the line on which it begins. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

const longestHeader = 64 * 1024;
const delimiters = [',', ';', '\t'] as const;
/** What Excel writes, and reads, to say what separates the cells. */
const separatorLine = /^"?sep=(\\t|[^"\w\s]|\t)"?$/i;

/**
 * The records of a CSV upload, one in memory at a time, without those that are blank. What separates the cells is told
 * by a first line `sep=;`, which is no record, or from the first line that is not blank. Lines count from 1, and line
 * breaks within quotes count as the lines they are. A quote that is never closed fails the whole file: which lines it
 * has swallowed nobody can tell.
 */
export async function* csvRecords(upload: Readable): AsyncGenerator<CsvRecord> {
  const { delimiter, isSaid, whole } = await withDelimiter(upload);
  const parser = parse({
    bom: true,
    delimiter,
    max_record_size: longestRecord,
    // Named, for to find them out the parser makes a buffer for each byte.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
  });
  const source = Readable.from(whole);
  source.once('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let line = 1;
  let skipped = !isSaid;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      const begins = line;
      line += 1 + lineBreaksIn(cells);
      if (cells.every((cell) => cell.trim() === '')) continue;
      if (skipped) yield { line: begins, cells };
      skipped = true;
    }
  } catch (error) {
    throw asUnreadable(error);
  } finally {
    source.unpipe(parser);
    source.destroy();
  }
}

function lineBreaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells)
    if (cell.includes('\n') || cell.includes('\r')) breaks += cell.match(/\r\n|\n|\r/g)!.length;
  return breaks;
}

interface Opened {
  delimiter: string;
  /** Whether the file says it itself, in its first line. */
  isSaid: boolean;
  whole: AsyncGenerator<Buffer>;
}

/** Names of people may hold separators, so only the one that the header has most of counts. */
async function withDelimiter(upload: Readable): Promise<Opened> {
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
  const start = Buffer.concat(head);
  refuseUtf16(start);
  const text = start.toString();
  const said = separatorLine.exec((header ?? text.replace('\ufeff', '')).replace(/[ \r\n]+$/, ''))?.[1];
  async function* whole(): AsyncGenerator<Buffer> {
    yield* head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  if (said !== undefined) return { delimiter: said === '\\t' ? '\t' : said, isSaid: true, whole: whole() };
  return {
    delimiter: mostFrequent(header ?? text) ?? mostFrequent(text) ?? ',',
    isSaid: false,
    whole: whole(),
  };
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

function mostFrequent(text: string): string | undefined {
  const bare = text.replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string): number => bare.split(delimiter).length - 1;
  const [first] = delimiters.toSorted((a, b) => count(b) - count(a));
  return count(first) > 0 ? first : undefined;
}

/** Excel's "Unicode text". Read as UTF-8 every second character would be NUL. */
function refuseUtf16(start: Buffer): void {
  const [one, two, three, four] = start;
  const marked = (one === 0xff && two === 0xfe) || (one === 0xfe && two === 0xff);
  const bare = start.length >= 4 && ((one && !two && three && !four) || (!one && two && !three && four));
  if (!marked && !bare) return;
  const errors = [{ path: '/lines/1', message: 'is in UTF-16: save the file as CSV UTF-8' }];
  throw new DomainError('request.invalid', 'invalid', 'The file is not readable as CSV.', { errors });
}

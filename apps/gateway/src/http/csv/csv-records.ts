import { Readable } from 'node:stream';
import { DomainError } from '@tearoff/contracts';
import { parse } from 'csv-parse';
import { asUnreadable, longestRecord } from './csv-record';
import { decoderOf, encodingOf, markOf, sampleBytes } from '../body/text-encoding';

/** A record of a file and the line on which it begins. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

const delimiters = [',', ';', '\t'] as const;
/** What Excel writes, and reads, to say what separates the cells. */
const separatorLine = /^"?sep=(\\t|[^"\w\s]|\t)"?$/i;

/** A file as it was found to be written. */
export interface CsvFile {
  encoding: string;
  separator: string;
  records: AsyncGenerator<CsvRecord>;
}

/** `charset`: what the caller says the encoding is. `guess`: an encoding that is unclear is not asked back. */
export interface CsvReading {
  charset?: string;
  guess?: boolean;
}

/** The records of a CSV upload; see `openCsv`. */
export async function* csvRecords(upload: Readable, reading: CsvReading = {}): AsyncGenerator<CsvRecord> {
  yield* (await openCsv(upload, reading)).records;
}

/**
 * A CSV upload, its records one in memory at a time, without those that are blank. What separates the cells is told by
 * a first line `sep=;`, which is no record, or from the first line that is not blank. Lines count from 1, and line
 * breaks within quotes count as the lines they are. A quote that is never closed fails the whole file: which lines it
 * has swallowed no one can tell. Bytes that are none of the encoding become U+FFFD.
 */
export async function openCsv(upload: Readable, reading: CsvReading = {}): Promise<CsvFile> {
  const { delimiter, isSaid, encoding, whole } = await opened(upload, reading);
  return { encoding, separator: delimiter, records: recordsOf(whole, delimiter, isSaid) };
}

async function* recordsOf(
  whole: AsyncGenerator<Buffer>,
  delimiter: string,
  isSaid: boolean,
): AsyncGenerator<CsvRecord> {
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
  encoding: string;
  /** In UTF-8. */
  whole: AsyncGenerator<Buffer>;
}

/** Names of people may hold separators, so only the one that the header has most of counts. */
async function opened(upload: Readable, { charset, guess }: CsvReading): Promise<Opened> {
  // Not destroyed when the parser gives up: the rest of the request is still to be read.
  const chunks = upload.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  const head: Buffer[] = [];
  let bytes = 0;
  let isWhole = false;
  while (!isWhole && bytes < sampleBytes) {
    const { value, done } = await chunks.next();
    if (done) isWhole = true;
    else {
      head.push(value);
      bytes += value.length;
    }
  }
  const start = Buffer.concat(head);
  refuseWorkbook(start);
  const encoding =
    markOf(start) ??
    charset ??
    encodingOf(start.subarray(0, sampleBytes), isWhole && bytes <= sampleBytes, guess);
  const text = decoderOf(encoding)(start).replace('\ufeff', '');
  const header = firstLineOf(text);
  async function* whole(): AsyncGenerator<Buffer> {
    yield* head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  const inUtf8 = encoding === 'utf-8' ? whole() : asUtf8(whole(), encoding);
  const said = separatorLine.exec((header ?? text).replace(/[ \r\n]+$/, ''))?.[1];
  if (said !== undefined)
    return { delimiter: said === '\\t' ? '\t' : said, isSaid: true, encoding, whole: inUtf8 };
  const delimiter = mostFrequent(header ?? text) ?? mostFrequent(text) ?? ',';
  return { delimiter, isSaid: false, encoding, whole: inUtf8 };
}

async function* asUtf8(whole: AsyncGenerator<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const read = decoderOf(encoding);
  for await (const chunk of whole) yield Buffer.from(read(chunk));
  yield Buffer.from(read());
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

/** A workbook that was not saved as CSV begins as the ZIP archive, or the OLE file, that it is. */
function refuseWorkbook(start: Buffer): void {
  const signature = start.toString('latin1', 0, 4);
  if (signature !== 'PK\x03\x04' && signature !== '\xd0\xcf\x11\xe0') return;
  const errors = [{ path: '/lines/1', message: 'is of a workbook: save the sheet as CSV UTF-8' }];
  throw new DomainError('request.invalid', 'invalid', 'The file is not readable as CSV.', { errors });
}

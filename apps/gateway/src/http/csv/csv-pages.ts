import { Readable } from 'node:stream';
import { csvCell } from './csv-cell';

interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/**
 * A whole list as CSV, a page in memory at a time. The first page is fetched before anything is sent: what is
 * unknown is still a 404. A later failure breaks the connection off, so that no half file looks whole.
 */
export async function csvPages<T>(
  columns: readonly string[],
  ask: (cursor?: string) => Promise<Page<T>>,
  cells: (item: T) => (string | null)[],
): Promise<Readable> {
  const first = await ask();
  return Readable.from(pages(columns, first, ask, cells), { objectMode: false });
}

async function* pages<T>(
  columns: readonly string[],
  first: Page<T>,
  ask: (cursor?: string) => Promise<Page<T>>,
  cells: (item: T) => (string | null)[],
): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`;
  for (let page = first; ; page = await ask(page.nextCursor)) {
    if (page.data.length > 0)
      yield page.data.map((item) => `${cells(item).map(csvCell).join(',')}\r\n`).join('');
    if (page.nextCursor === null) return;
  }
}

/** Whether the caller would rather have CSV. */
export const wantsCsv = (accept: string | undefined): boolean => /\btext\/csv\b/i.test(accept ?? '');

import { Readable } from 'node:stream';
import { ListCodes, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { csvCell } from './csv-cell';

type Page = ReplyOf<typeof ListCodes>;
type Ask = (request: Pick<RequestOf<typeof ListCodes>, 'limit' | 'cursor'>) => Promise<Page>;

const pageSize = 5_000;

/**
 * The whole stack as CSV, a page in memory at a time. The first page is fetched before anything is sent: an
 * unknown campaign is still a 404. A later failure breaks the connection off, so that no half file looks whole.
 */
export async function csvOf(ask: Ask): Promise<Readable> {
  const first = await ask({ limit: pageSize });
  return Readable.from(pages(first, ask), { objectMode: false });
}

async function* pages(first: Page, ask: Ask): AsyncGenerator<string> {
  yield 'code,couponId\r\n';
  for (let page = first; ; page = await ask({ limit: pageSize, cursor: page.nextCursor })) {
    if (page.data.length > 0) {
      yield page.data.map(({ code, couponId }) => `${csvCell(code)},${csvCell(couponId)}\r\n`).join('');
    }
    if (page.nextCursor === null) return;
  }
}

import type { IdKind } from '@tearoff/contracts';
import { decodeIdCursor, toPage } from '@tearoff/service-kit';

interface Row {
  id: string;
}

/** A page of the gateway's own rows, whose ids are ordered in time: the cursor is the last id seen, of that kind. */
export async function ownPage<T extends Row, V>(
  kind: IdKind,
  { limit = 100, cursor }: { limit?: number; cursor?: string },
  find: (page: { limit: number; after?: string }) => Promise<T[]>,
  view: (row: T) => V,
): Promise<{ data: V[]; nextCursor: string | null }> {
  const rows = await find({ limit: limit + 1, after: decodeIdCursor(cursor, kind) });
  return toPage(rows, limit, view);
}

import { idPattern, invalid, type IdKind } from '@tearoff/contracts';

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
  if (cursor !== undefined && !new RegExp(idPattern(kind)).test(cursor))
    throw invalid('request.invalid_cursor', 'The cursor is not one of ours.');
  const rows = await find({ limit: limit + 1, after: cursor });
  const data = rows.slice(0, limit);
  return { data: data.map(view), nextCursor: rows.length > limit ? data.at(-1)!.id : null };
}

import { idPattern, invalid, type DomainError, type IdKind } from '@tearoff/contracts';

export const invalidCursor = (): DomainError =>
  invalid('request.invalid_cursor', 'The cursor is not one of ours.');

/** An opaque cursor: the sort key of a page's last row as base64url, so that no client takes it for an id. */
export const encodeCursor = (key: string): string => Buffer.from(key).toString('base64url');

/** The sort key that a cursor holds. Fails with `request.invalid_cursor` for a key of another form. */
export function decodeCursor(cursor: string | undefined, form: RegExp): string | undefined {
  if (cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString();
  if (!form.test(key)) throw invalidCursor();
  return key;
}

/** The id that a cursor holds. Fails with `request.invalid_cursor` for what is not an id of that kind. */
export const decodeIdCursor = (cursor: string | undefined, kind: IdKind): string | undefined =>
  decodeCursor(cursor, new RegExp(idPattern(kind)));

/** Cursor paging: `nextCursor` is null on the last page. */
export interface PageOf<Item> {
  data: Item[];
  nextCursor: string | null;
}

/** The page of `limit` items from the `limit + 1` rows that were read in order. */
export const toPage = <Row extends { id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
): PageOf<Item> => toPageBy(({ id }) => id, rows, limit, view);

/** The same for rows that are sorted by another key than their id. */
export const toPageBy = <Row, Item>(
  keyOf: (row: Row) => string,
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
): PageOf<Item> => ({
  data: rows.slice(0, limit).map(view),
  nextCursor: rows.length > limit ? encodeCursor(keyOf(rows[limit - 1])) : null,
});

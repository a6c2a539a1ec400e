import { invalid } from '@tearoff/contracts';

/** A cursor is the last id seen, wrapped so that nobody takes it for an id. */
export const cursorOf = (id: string): string => Buffer.from(id).toString('base64url');

/** Fails with `request.invalid_cursor`. */
export function idOfCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!/^[\w.:-]{1,100}$/.test(id)) throw invalid('request.invalid_cursor', 'This is not a cursor of ours.');
  return id;
}

/** The page of `limit` rows out of `limit + 1` that were asked for. */
export function pageOf<Row extends { id: string }, T>(rows: Row[], limit: number, show: (row: Row) => T) {
  const data = rows.slice(0, limit);
  return { data: data.map(show), nextCursor: rows.length > limit ? cursorOf(data.at(-1)!.id) : null };
}

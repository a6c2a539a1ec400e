import { idPattern, invalid, type DomainError, type IdKind } from '@tearoff/contracts';

const invalidCursor = (): DomainError => invalid('request.invalid_cursor', 'This is not a cursor of ours.');

/** A cursor is the last id seen, wrapped so that nobody takes it for an id. */
export const cursorOf = (id: string): string => Buffer.from(id).toString('base64url');

/** Fails with `request.invalid_cursor`. */
export function idOfCursor(kind: IdKind, cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!new RegExp(idPattern(kind)).test(id)) throw invalidCursor();
  return id;
}

/** The same of a place in a ledger. */
export function seqOfCursor(cursor: string): number {
  const seq = Buffer.from(cursor, 'base64url').toString();
  if (!/^[1-9]\d{0,8}$/.test(seq)) throw invalidCursor();
  return Number(seq);
}

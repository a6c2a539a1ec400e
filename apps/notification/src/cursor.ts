import { idPattern, invalid, type IdKind } from '@tearoff/contracts';

/** Refuses a cursor that no page of ours can have ended with: any text would otherwise give some page. */
export function checkCursor(cursor: string | undefined, kind: IdKind): void {
  if (cursor !== undefined && !new RegExp(idPattern(kind)).test(cursor)) throw invalidCursor();
}

export const invalidCursor = () => invalid('request.invalid_cursor', 'The cursor is not one of ours.');

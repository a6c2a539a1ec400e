import { idPattern, invalid, type IdKind } from '@tearoff/contracts';

/** A page's cursor is the id of its last; any other text would otherwise give some page. */
export function checkCursor(cursor: string | undefined, kind: IdKind): void {
  if (cursor !== undefined && !new RegExp(idPattern(kind)).test(cursor))
    throw invalid('request.invalid_cursor', 'The cursor is not one of ours.');
}

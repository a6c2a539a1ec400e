import { newId } from '@tearoff/contracts';
import { decodeCursor, decodeIdCursor, encodeCursor, toPage, toPageBy } from './paging';

const refused = expect.objectContaining({ code: 'request.invalid_cursor', kind: 'invalid' });
const rows = (...ids: string[]) => ids.map((id) => ({ id }));

describe('a page', () => {
  it('holds at most its limit, and a cursor when there are more rows', () => {
    const page = toPage(rows('a', 'b', 'c'), 2, ({ id }) => id.toUpperCase());
    expect(page).toEqual({ data: ['A', 'B'], nextCursor: encodeCursor('b') });
  });

  it.each([[[]], [rows('a')], [rows('a', 'b')]])('is the last without a further row: %j', (all) => {
    expect(toPage(all, 2, ({ id }) => id)).toEqual({ data: all.map(({ id }) => id), nextCursor: null });
  });

  it('of rows in another order continues after its last row’s key', () => {
    const lines = [{ line: 7 }, { line: 9 }, { line: 11 }];
    const { nextCursor } = toPageBy(
      ({ line }) => String(line),
      lines,
      2,
      ({ line }) => line,
    );
    expect(decodeCursor(nextCursor ?? undefined, /^\d+$/)).toBe('9');
  });
});

describe('a cursor', () => {
  it('brings back the id it was made of, and nothing without one', () => {
    const id = newId('coupon');
    expect(decodeIdCursor(encodeCursor(id), 'coupon')).toBe(id);
    expect(decodeIdCursor(undefined, 'coupon')).toBeUndefined();
  });

  it.each([
    '',
    'zzz',
    newId('coupon'),
    encodeCursor(newId('campaign')),
    encodeCursor(`${newId('coupon')}x'--`),
  ])('that no page ended with is refused: %j', (cursor) =>
    expect(() => decodeIdCursor(cursor, 'coupon')).toThrow(refused),
  );
});

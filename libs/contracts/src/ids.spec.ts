import { bytesOfId, derivedId, idOfBytes, idPattern, newId, timeOfId } from './ids';

describe('ids', () => {
  it('name their kind, are never the same and sort by time', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('coupon'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(new RegExp(idPattern('coupon')));
    expect(newId('coupon', 1_000) < newId('coupon', 1_001)).toBe(true);
    expect(newId('coupon', Date.UTC(2026, 0)) < newId('coupon', Date.UTC(2126, 0))).toBe(true);
  });

  it('tell when they were made', () => {
    const made = Date.UTC(2026, 10, 22, 1, 2, 3, 456);
    expect(timeOfId(newId('delivery', made))).toBe(made);
  });

  it('that are derived are the same for the same parts, and for no others', () => {
    const id = derivedId('delivery', 'key', 1);
    expect(id).toMatch(new RegExp(idPattern('delivery')));
    expect(derivedId('delivery', 'key', 1)).toBe(id);
    const others = [['key', 2], ['key1'], ['ke', 'y', 1], ['key', '1']].map((parts) =>
      derivedId('delivery', ...parts),
    );
    expect(new Set([id, ...others]).size).toBe(5);
  });

  it('are 128 bits, there and back', () => {
    const made = [newId('delivery'), derivedId('delivery', 'x')];
    for (const id of made) expect(idOfBytes('delivery', bytesOfId(id))).toBe(id);
    for (const byte of [0, 1, 255]) {
      const bytes = Buffer.alloc(16, byte);
      expect(bytesOfId(idOfBytes('delivery', bytes))).toEqual(bytes);
    }
  });

  it('hold time and chance in 26 characters', () =>
    expect(newId('job')).toMatch(/^job_[0-9a-hjkmnp-tv-z]{26}$/));
});

import { bytesOfId, idOfBytes, idPattern, newId, timeOfId } from './ids';

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

  it('are 128 bits, there and back', () => {
    const id = newId('delivery');
    expect(idOfBytes('delivery', bytesOfId(id))).toBe(id);
    for (const byte of [0, 1, 255]) {
      const bytes = Buffer.alloc(16, byte);
      expect(bytesOfId(idOfBytes('delivery', bytes))).toEqual(bytes);
    }
  });

  it('hold time and chance in 26 characters', () =>
    expect(newId('job')).toMatch(/^job_[0-9a-hjkmnp-tv-z]{26}$/));
});

import { drawnOf, isWin, roll } from './draw';

describe('a draw', () => {
  const offersOf = (...weights: (number | undefined)[]) =>
    weights.map((weight, index) => ({ id: `offer ${index}`, ...(weight !== undefined && { weight }) }));

  it('gives each offer its share by weight, within bounds that one right draw in a million leaves', () => {
    const weights = [0.1, 1, undefined, 2.5];
    const sum = 4.6;
    const draws = 40_000;
    const counts = new Map<string, number>();
    for (let i = 0; i < draws; i++) {
      const { id } = drawnOf(offersOf(...weights))!;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    weights.forEach((weight = 1, index) => {
      const share = weight / sum;
      const deviation = Math.sqrt(draws * share * (1 - share));
      expect(Math.abs(counts.get(`offer ${index}`)! - draws * share)).toBeLessThan(5.5 * deviation);
    });
  });

  it('never draws an offer of no weight, and nothing where there are only such', () => {
    const drawn = Array.from({ length: 2_000 }, () => drawnOf(offersOf(0, 1, 0))!.id);
    expect(new Set(drawn)).toEqual(new Set(['offer 1']));
    expect(drawnOf(offersOf(0, 0))).toBeNull();
    expect(drawnOf([])).toBeNull();
  });

  it('can draw from as many offers of as great a weight as a campaign may have, and of as small a one', () => {
    expect(drawnOf(offersOf(...Array.from({ length: 100 }, () => 1_000_000)))).not.toBeNull();
    expect(drawnOf(offersOf(1e-12))?.id).toBe('offer 0');
  });

  it('is won always with a chance of one and never with a chance of none', () => {
    const rolls = Array.from({ length: 2_000 }, roll);
    expect(rolls.every((rolled) => isWin(rolled, 1))).toBe(true);
    expect(rolls.some((rolled) => isWin(rolled, 0))).toBe(false);
    expect([isWin(0, 1e-12), isWin(1, 1e-12)]).toEqual([true, false]);
    expect([isWin(249_999_999_999, 0.25), isWin(250_000_000_000, 0.25)]).toEqual([true, false]);
  });
});

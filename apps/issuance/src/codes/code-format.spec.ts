import { hasValidCheckCharacter } from '@tearoff/contracts';
import { CodeGenerator, codeSpace, defaultCharset, smallestSpace } from './code-format';

describe('generated codes', () => {
  it('end in a check character, of their own charset', () => {
    const generator = new CodeGenerator({ prefix: 'X1', length: 9, charset: '0123456789' });
    for (const code of generator.distinct(500)) {
      expect(code).toMatch(/^X1\d{9}$/);
      expect(hasValidCheckCharacter(code)).toBe(true);
    }
  });

  it('use every character about equally often', () => {
    const generator = new CodeGenerator({ prefix: '', length: 12, charset: defaultCharset });
    const counts = new Map<string, number>();
    const codes = generator.distinct(2_000);
    for (const character of codes.flatMap((code) => Array.from(code.slice(0, 11))))
      counts.set(character, (counts.get(character) ?? 0) + 1);
    const expected = (2_000 * 11) / defaultCharset.length;
    expect(counts.size).toBe(defaultCharset.length);
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected / 4);
  });

  it('have room enough by default for a million with a hundred guesses a hit, and far more', () => {
    const format = { prefix: '', length: 12, charset: defaultCharset };
    expect(codeSpace(format)).toBeGreaterThan(1e6 * smallestSpace(1e6));
    expect(smallestSpace(0)).toBe(1e6);
    expect(smallestSpace(50_000)).toBe(5e6);
  });
});

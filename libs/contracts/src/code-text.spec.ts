import { checkCharacterOf, hasValidCheckCharacter, normaliseCode } from './code-text';

describe('the check character (ISO/IEC 7064 MOD 37,36)', () => {
  it('is that of the published examples', () => {
    // ISO 7064's own example and that of the International Standard Audiovisual Number.
    expect(checkCharacterOf('A12425GABC1234002')).toBe('M');
    expect(checkCharacterOf('00000000C36D002B')).toBe('K');
  });

  const code = 'TEAR7K9MPQ4X';
  const whole = code + checkCharacterOf(code);

  it('accepts a code with its check character', () => expect(hasValidCheckCharacter(whole)).toBe(true));

  it('catches every single mistyped character', () => {
    for (let at = 0; at < whole.length; at++)
      for (const wrong of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
        if (wrong !== whole[at])
          expect(hasValidCheckCharacter(whole.slice(0, at) + wrong + whole.slice(at + 1))).toBe(false);
  });

  it('catches every swap of two neighbours', () => {
    for (let at = 0; at + 1 < whole.length; at++)
      if (whole[at] !== whole[at + 1])
        expect(
          hasValidCheckCharacter(whole.slice(0, at) + whole[at + 1] + whole[at] + whole.slice(at + 2)),
        ).toBe(false);
  });

  it.each(['', 'A', 'code with spaces', 'ÄÖÜ', 'abc', '🎟🎟', '\0'])('refuses %j without an error', (text) =>
    expect(hasValidCheckCharacter(text)).toBe(false),
  );
});

describe('a code as people write it', () => {
  it.each([
    ['tear-7k9m pq4x', 'TEAR7K9MPQ4X'],
    ['  A B\tC\n', 'ABC'],
  ])('%j is %j', (written, stored) => expect(normaliseCode(written)).toBe(stored));
});

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
    ['tear\u20137k9m\u2014pq4x', 'TEAR7K9MPQ4X'],
    ['tear\u20117k9m\u2010pq4x', 'TEAR7K9MPQ4X'],
    ['tear\u22127k9m\u30fcpq4x', 'TEAR7K9MPQ4X'],
    ['\uff34\uff25\uff21\uff32\uff0d\uff17\uff2b\uff19\uff4d\u3000pq4x', 'TEAR7K9MPQ4X'],
    ['\u200ete\u00adar\u200b7k\u20609m\ufeffpq4x\u202c', 'TEAR7K9MPQ4X'],
    ['\u2066TEAR7K9MPQ4X\u2069\ufe0f', 'TEAR7K9MPQ4X'],
    ['\x02TEAR7K9M\x1dPQ4X\x03\r\n', 'TEAR7K9MPQ4X'],
    ['TEAR\u00a07K9M\u202fPQ4X\u2003', 'TEAR7K9MPQ4X'],
    ['Gift_0001.a/b', 'GIFT_0001.A/B'],
  ])('%j is %j', (written, stored) => expect(normaliseCode(written)).toBe(stored));
});

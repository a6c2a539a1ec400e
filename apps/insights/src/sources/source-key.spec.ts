import { sourceKey } from './source-key';

describe('the text of a source', () => {
  it.each([
    [null, ''],
    [{}, ''],
    [{ medium: 'tv' }, 'tv'],
    [{ ad: 'spring', site: 'kiosk' }, ':kiosk:spring'],
    [{ location: 'gate 4', medium: 'print', site: 'metro', ad: 'a' }, 'print:metro:a:gate 4'],
    [{ term: 'x', medium: 'cpc', ab: '1' }, 'cpc;ab=1;term=x'],
  ])('of %j is %j', (source, text) => expect(sourceKey(source)).toBe(text));

  it('keeps apart what only looks alike', () => {
    const alike = [
      { medium: 'a:b' },
      { medium: 'a', site: 'b' },
      { medium: 'a;b=c' },
      { medium: 'a', b: 'c' },
      { medium: 'a%3Ab' },
    ];
    expect(new Set(alike.map(sourceKey)).size).toBe(alike.length);
  });
});

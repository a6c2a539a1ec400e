import {
  assertStorable,
  isStorable,
  isStorableJson,
  toStorable,
  toStorableJson,
  toStorableText,
} from './storable';

const unstorable: [string, unknown, unknown][] = [
  ['U+0000', 'a\0b', 'ab'],
  ['an unpaired high surrogate', 'a\ud83d', 'a\ufffd'],
  ['an unpaired low surrogate', '\ude00b', '\ufffdb'],
  ['one in a list', ['a', { b: 'c\0' }], ['a', { b: 'c' }]],
  ['one in a name', { 'a\0': 1 }, { a: 1 }],
];
const storable: [string, unknown][] = [
  ['a surrogate pair', '\u{1f600}'],
  ['an escape that is text', String.raw`\u0000 and \\ud83d`],
  ['an escape that is text in a name', { [String.raw`\u0000`]: [String.raw`\\u0000`] }],
  ['nothing', null],
  ['a number', 1.5],
  ['U+FFFD', '\ufffd'],
];

describe('text that PostgreSQL cannot store', () => {
  it.each(unstorable)('is found, and replaced where it has to be kept: %s', (_what, value, kept) => {
    expect(isStorable(value)).toBe(false);
    expect(isStorableJson(JSON.stringify(value))).toBe(false);
    expect(toStorable(value)).toEqual(kept);
    expect(JSON.parse(toStorableJson(value))).toEqual(kept);
    expect(() => assertStorable(value)).toThrow(
      expect.objectContaining({ code: 'request.invalid_characters' }),
    );
  });

  it('is replaced in a single text', () => expect(toStorableText('a\0\ud83d')).toBe('a\ufffd'));
});

describe('text that PostgreSQL can store', () => {
  it.each(storable)('stays as it is: %s', (_what, value) => {
    expect(isStorable(value)).toBe(true);
    expect(isStorableJson(JSON.stringify(value))).toBe(true);
    expect(toStorable(value)).toBe(value);
    expect(toStorableJson(value)).toBe(JSON.stringify(value));
    expect(() => assertStorable(value)).not.toThrow();
  });

  it('is null as JSON where there is no value', () => {
    expect(toStorable(undefined)).toBeUndefined();
    expect(toStorableJson(undefined)).toBe('null');
  });
});

import { smsSegments } from './sms-segments';

describe('SMS segments', () => {
  it.each([
    ['a text of 160 basic characters', 'a'.repeat(160), 1],
    ['one more', 'a'.repeat(161), 2],
    ['two full parts', 'a'.repeat(306), 2],
    ['one more than two parts', 'a'.repeat(307), 3],
    ['80 euro signs, which take two units each', '€'.repeat(80), 1],
    ['81 of them', '€'.repeat(81), 2],
    ['a two-unit character that would be split over two parts', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 3],
    ['70 characters of another alphabet', 'я'.repeat(70), 1],
    ['one more of those', 'я'.repeat(71), 2],
    ['35 emoji, which take two units each', '😀'.repeat(35), 1],
    ['36 emoji', '😀'.repeat(36), 2],
    ['an emoji that would be split over two parts', `${'я'.repeat(66)}😀${'я'.repeat(66)}`, 3],
    ['nothing', '', 1],
  ])('of %s', (_what, text, segments) => {
    expect(smsSegments(text)).toBe(segments);
  });
});

import fc from 'fast-check';
import { normaliseCode } from './code-text';
import { gs1CouponNumber, isGs1Coupon } from './gs1-coupon';
import { codeReadings } from './scanned-code';

const coupon = '001234561234560123456';
const gs = '\x1d';

/** Every text that a code may be found under. */
const found = (text: string): string[] => {
  const { code, alternative: other } = codeReadings(text);
  return other === null ? [code] : [code, other];
};

describe('what a scanner sends of a GS1 coupon', () => {
  it.each([
    ['with its symbology identifier', `]e08112${coupon}`],
    ['as GS1-128', `]C18112${coupon}`],
    ['as GS1 DataMatrix', `]d28112${coupon}`],
    ['as GS1 QR Code', `]Q38112${coupon}`],
    ['as Code 128 without FNC1', `]C08112${coupon}`],
    ['in a QR code without its identifier', `]Q1${coupon}`],
    ['in upper case', `]E08112${coupon}`],
    ['in brackets', `(8112)${coupon}`],
    ['in brackets after its identifier', `]e0(8112)${coupon}`],
    ['as it is printed', `(8112) 0012 3456 1234 5601 2345 6`],
    ['plain', `8112${coupon}`],
    ['plain, with what people add', `8112 0012-3456\u20131234 5601\u200b23456`],
    ['with FNC1 in front', `${gs}8112${coupon}`],
    ['with FNC1 after its identifier', `]e0${gs}8112${coupon}`],
    ['with a carriage return', `]e08112${coupon}\r`],
    ['before another element', `]e08112${coupon}${gs}3903310`],
    ['before another element whose separator was dropped', `]e08112${coupon}17271231`],
    ['before another element, in brackets', `(8112)${coupon}(3903)310`],
    ['before another element, plain', `8112${coupon}${gs}3903310`],
    ['after an article number', `]d201098412345678908112${coupon}`],
    ['after a lot number', `]d210LOT7${gs}8112${coupon}`],
    ['after other elements, in brackets', `(01)09841234567890(8112)${coupon}`],
    ['with its separators in words', `]e08112${coupon}<GS>3903310`],
    ['with its separators as a picture', `]e08112${coupon}\u241d3903310`],
    ['in full width', `\uff3d\uff45\uff10\uff18\uff11\uff11\uff12${coupon}`],
  ])('%s: %j', (_, text) => expect(found(text)).toContain(coupon));

  it('alone, when it is in brackets or has an identifier that says so', () => {
    expect(codeReadings(`(8112)${coupon}`)).toEqual({ code: coupon, alternative: null });
    expect(codeReadings(`]e0(8112)${coupon}`)).toEqual({ code: coupon, alternative: null });
  });

  it('after the text as it stands, where that may be a code', () =>
    expect(codeReadings(`8112${coupon}`)).toEqual({ code: `8112${coupon}`, alternative: coupon }));
});

describe('what a scanner sends of other codes', () => {
  it.each([
    [']C0K7PQ4MWX9ZRT', ['K7PQ4MWX9ZRT']],
    [']C1K7PQ4MWX9ZRT', ['K7PQ4MWX9ZRT']],
    [']Q1k7pq-4mwx-9zrt', ['K7PQ4MWX9ZRT']],
    [']d1K7PQ4MWX9ZRT\r\n', ['K7PQ4MWX9ZRT']],
    [']L0K7PQ4MWX9ZRT', ['K7PQ4MWX9ZRT']],
    [']A0K7PQ4MWX9ZRT', ['K7PQ4MWX9ZRT']],
    [']E05901234123457', ['5901234123457']],
    [']E0\t5901234123457', ['5901234123457']],
    [']E35901234123457' + '51234', ['590123412345751234', '5901234123457']],
    [']E00012345678905', ['0012345678905', '012345678905']],
    ['K7PQ4MWX9ZRT', ['K7PQ4MWX9ZRT']],
    ['8112SPRING', ['8112SPRING']],
    ['81128112', ['81128112']],
    ['SALE8112', ['SALE8112']],
  ])('%j is found as %j', (text, codes) => expect(found(text)).toEqual(codes));

  it.each([
    `8112${coupon}7`,
    `8112${coupon.slice(1)}`,
    `8112${coupon}A`,
    `X8112${coupon}`,
    `(8112)${coupon}7`,
    `(8113)${coupon}`,
    `]C08112${coupon}7`,
  ])('%j is not shortened to another code', (text) => expect(found(text)).not.toContain(coupon));
});

const digits = (minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
const gs1Coupon = fc
  .record({ funderId: digits(6, 12), offerCode: digits(6), serial: digits(6, 15) })
  .map(gs1CouponNumber);
const plainCode = fc
  .string({
    unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+./:_#'),
    minLength: 4,
    maxLength: 40,
  })
  .filter((code) => !isGs1Coupon(code));
const noise = fc.constantFrom(
  ...Array.from(' -\u2010\u2011\u2013\u2014\u2212\u30fc\u00a0\u3000\t'),
  ...Array.from('\u200b\u00ad\u200e\u2060\ufeff\ufe0f\u202d\u115f'),
);
const scanners = (identifiers: readonly string[]) => fc.constantFrom('', ...identifiers);
const endings = fc.constantFrom('', '\r', '\r\n', '\t', '\x03', '\x04');

/** The text with marks strewn in, letters in either case, and some characters in full width. */
const decorated = (code: string) =>
  fc
    .array(fc.record({ before: fc.option(noise), wide: fc.boolean(), lower: fc.boolean() }), {
      minLength: code.length,
      maxLength: code.length,
    })
    .map((marks) =>
      Array.from(code, (character, at) => {
        const cased = marks[at].lower ? character.toLowerCase() : character;
        const wide = String.fromCodePoint(cased.codePointAt(0)! + 0xfee0);
        return (marks[at].before ?? '') + (marks[at].wide ? wide : cased);
      }).join(''),
    );

describe('whatever a scanner or a person adds', () => {
  it('leads to the same code', () =>
    fc.assert(
      fc.property(
        plainCode.chain((code) => fc.tuple(fc.constant(code), decorated(code))),
        scanners([']C0', ']C1', ']d1', ']d2', ']Q1', ']Q3', ']L0', ']A0', ']e0', '\x02']),
        endings,
        ([code, text], identifier, ending) => found(identifier + text + ending).includes(code),
      ),
      { numRuns: 500 },
    ));

  it('leads to the same GS1 coupon, with and without its application identifier', () =>
    fc.assert(
      fc.property(
        gs1Coupon.chain((code) =>
          fc.tuple(fc.constant(code), decorated(code), fc.constantFrom('', '8112', '(8112)', '(8112) ')),
        ),
        scanners([']C0', ']C1', ']d2', ']Q3', ']Q1', ']e0', '\x1d']),
        endings,
        ([code, text, ai], identifier, ending) => found(identifier + ai + text + ending).includes(code),
      ),
      { numRuns: 500 },
    ));

  it('is taken away once: a stored code is read as itself first', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          plainCode,
          gs1Coupon,
          gs1Coupon.map((code) => `8112${code}`),
        ),
        (code) => {
          expect(codeReadings(code).code).toBe(code);
          expect(normaliseCode(normaliseCode(code))).toBe(normaliseCode(code));
        },
      ),
    ));

  it('and no text at all is an error', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        (text) => typeof codeReadings(text).code === 'string',
      ),
    ));
});

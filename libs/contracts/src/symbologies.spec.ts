import { gs1CouponNumber, isGs1Coupon, leadingGs1Coupon, alternateGs1Code } from './gs1-coupon';
import { ean13CheckDigit, isEan13, mayBeGenerated, symbologyFault } from './symbologies';

describe('an EAN-13', () => {
  it.each(['5901234123457', '4006381333931', '9780201379624', '0012345678905'])('%s is one', (code) => {
    expect(isEan13(code)).toBe(true);
    expect(ean13CheckDigit(code.slice(0, 12))).toBe(code[12]);
  });
  it.each(['5901234123450', '590123412345', '590123412345X', ''])('%j is none', (code) =>
    expect(isEan13(code)).toBe(false),
  );
});

describe('a GS1 coupon number', () => {
  it('is made of its parts, whose lengths it tells', () => {
    const parts = { funderId: '123456', offerCode: '123456', serial: '123456' };
    expect(gs1CouponNumber(parts)).toBe('001234561234560123456');
    expect(
      gs1CouponNumber({ funderId: '123456789012', offerCode: '000001', serial: '123456789012345' }),
    ).toBe('061234567890120000019123456789012345');
  });
  it.each(['001234561234560123456', '101234561234560123456', '061234567890120000019123456789012345'])(
    '%s is one',
    (code) => {
      expect(isGs1Coupon(code)).toBe(true);
      expect(leadingGs1Coupon(`${code}17271231`)).toBe(code);
      expect(alternateGs1Code(code)).toBe(`8112${code}`);
      expect(alternateGs1Code(`8112${code}`)).toBe(code);
    },
  );
  it.each(['201234561234560123456', '071234561234560123456', '00123456123456012345', '8112', 'SUMMER'])(
    '%s is none',
    (code) => {
      expect(isGs1Coupon(code)).toBe(false);
      expect(alternateGs1Code(code)).toBeNull();
    },
  );
});

describe('what a symbology can carry', () => {
  it.each([
    ['qrcode', 'K7PQ4MWX9ZRT'],
    ['code128', 'K7PQ4MWX9ZRT'],
    ['code128', 'K'.repeat(24)],
    ['code128', '7'.repeat(40)],
    ['ean13', '5901234123457'],
    ['datamatrix', 'a b/c-{d}'],
    ['pdf417', 'K7PQ4MWX9ZRT'.repeat(5)],
    ['gs1-8112', '001234561234560123456'],
    ['gs1-8112', '8112001234561234560123456'],
  ] as const)('%s: %s', (symbology, code) => expect(symbologyFault(code, symbology)).toBeNull());

  it.each([
    ['ean13', 'K7PQ4MWX9ZRT', /13 digits/],
    ['ean13', '590123412345', /leading zeros/],
    ['ean13', '5901234123450', /check digit 7/],
    ['code128', 'K'.repeat(25), /24 characters/],
    ['code128', 'Grüße', /does not have/],
    ['datamatrix', 'КУПОН', /misread/],
    ['pdf417', 'КУПОН', /misread/],
    ['gs1-8112', '0012345', /8112/],
  ] as const)('%s does not carry %s', (symbology, code, why) =>
    expect(symbologyFault(code, symbology)).toMatch(why),
  );
});

describe('a code that we may have made', () => {
  it.each(['5901234123457', '001234561234560123456', 'A12425GABC1234002M'])('%s', (code) =>
    expect(mayBeGenerated(code)).toBe(true),
  );
  it('is no mistyped one', () => expect(mayBeGenerated('5901234123456')).toBe(false));
});

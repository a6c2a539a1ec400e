import type { Campaign } from './campaigns';
import { parseDecimal, isCurrency, minimumBasketOf, minorDigits, formatMoney } from './money';
import { RedemptionRequest } from './redemptions';
import { faultsOf } from './validation';

const spaced = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('a currency', () => {
  it('is one of ISO 4217, in capitals', () => {
    expect(['EUR', 'JPY', 'KWD', 'UAH'].every(isCurrency)).toBe(true);
    expect(['ZZZ', 'eur', '', 'XXX', '€'].some(isCurrency)).toBe(false);
  });

  it('of a basket has to exist', () => {
    const faults = (currency: string) => faultsOf(RedemptionRequest, { basket: { total: 1, currency } });
    expect(faults('JPY')).toBeNull();
    for (const currency of ['ZZZ', 'eur'])
      expect(faults(currency)).toContainEqual({
        path: '/basket/currency',
        message: expect.stringMatching(/^must /),
      });
  });

  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    // Printed without decimals as a rule, and a hundredth all the same.
    ['HUF', 2],
    ['IDR', 2],
    ['IQD', 3],
  ])('%s has %d decimals', (currency, digits) => expect(minorDigits(currency)).toBe(digits));
});

describe('money in words', () => {
  it.each([
    [2_000, 'EUR', 'en', '€20'],
    [1_250, 'EUR', 'de', '12,50 €'],
    [500, 'JPY', 'en', '¥500'],
    [5_250, 'KWD', 'en', 'KWD 5.250'],
    [500_000, 'HUF', 'en', 'Ft 5,000'],
    [1_999, 'UAH', 'uk', '19,99 ₴'],
    [Number.MAX_SAFE_INTEGER, 'EUR', 'en', '€90,071,992,547,409.91'],
  ])('%d %s in %s is %s', (amount, currency, locale, words) =>
    expect(spaced(formatMoney(amount, currency, locale))).toBe(words),
  );
});

describe('a decimal number', () => {
  it.each([
    [4.35, '4.35'],
    [0, '0'],
    [1e21, '1000000000000000000000'],
    ['4.35', '4.35'],
    ['-3', '-3'],
    ['007', '7'],
    ['0.10', '0.1'],
  ])('is %p', (value, number) => expect(parseDecimal(value)?.toFixed()).toBe(number));

  it.each([
    '0x10',
    '1e3',
    ' 12 ',
    '',
    ' ',
    'Infinity',
    'NaN',
    '2,5',
    '1 000',
    '+5',
    '.5',
    '5.',
    '٣',
    '1'.repeat(31),
    NaN,
    Infinity,
    null,
    undefined,
    true,
    [1],
    { valueOf: () => 1 },
  ])('is not %p', (value) => expect(parseDecimal(value)).toBeNull());
});

describe('the minimum of a basket', () => {
  type Parts = Partial<Pick<Campaign, 'redemption' | 'discount' | 'offers'>>;
  const of = (parts: Parts) => minimumBasketOf({ redemption: {}, discount: null, offers: [], ...parts });
  const redemption = { minBasket: 2_000 };
  const discount = { kind: 'percent' as const, value: 10, currency: 'GBP' };

  it('has the currency that it names, else that of the discount, else that of an offer', () => {
    const offers = [
      { id: 'a' },
      { id: 'b', discount: { kind: 'amount' as const, value: 1, currency: 'USD' } },
    ];
    const own = of({ redemption: { ...redemption, currency: 'EUR' }, discount, offers });
    expect(own).toEqual({ amount: 2_000, currency: 'EUR' });
    expect(of({ redemption, discount, offers })?.currency).toBe('GBP');
    expect(of({ redemption, offers })?.currency).toBe('USD');
    expect(of({ redemption })).toEqual({ amount: 2_000, currency: null });
  });

  it('is not there where nothing is asked for', () => {
    for (const minBasket of [undefined, null, 0])
      expect(of({ redemption: { minBasket, currency: 'EUR' } })).toBeNull();
  });
});

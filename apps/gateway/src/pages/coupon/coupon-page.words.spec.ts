import type { Campaign, Coupon, Discount } from '@tearoff/contracts';
import { issuedState, known } from '../test/fixtures';
import { codeGroups } from './code-groups';
import { contrast, tintOf } from './colors';
import { discountWords } from './discount.words';
import { couponPageView } from './coupon-page';
import { wordsOf } from './coupon-page.words';
import { languageOf } from './texts/texts';
import { weekdayWords } from './time.words';

const now = new Date('2025-11-21T10:00:00Z');
const issued = { issuedAt: '2025-11-01T00:00:00Z', validFrom: '2025-11-01T00:00:00Z' };
const words = (campaign: Partial<Campaign>, coupon: Partial<Coupon> = {}, lang = 'en') =>
  wordsOf(couponPageView(known(campaign, { ...issued, ...coupon }), issuedState, now), languageOf(lang), now);
const spaced = (text: string | null) => text?.replace(/[\u00a0\u202f]/g, ' ');

describe('validity in words', () => {
  it('names the last day when it ends with that day in the zone of the campaign', () => {
    // 23:59:59.999 in Kyiv is another time in London, and midnight after it is still that day.
    for (const validTo of ['2025-11-30T21:59:59.999Z', '2025-11-30T22:00:00.000Z'])
      expect(words({ timezone: 'Europe/Kyiv' }, { validTo }).validity).toBe(
        'Valid through Sunday, 30 November 2025',
      );
  });

  it('names the hour and the zone when it ends within a day', () => {
    const said = words({ timezone: 'Europe/Kyiv' }, { validTo: '2025-11-30T16:30:00Z' });
    expect(said.validity).toBe('Valid until 30 November 2025 at 18:30');
    expect(said.zone).toBe('Time zone: Eastern European Time');
  });

  it('says so when there is no end', () => {
    expect(words({}, { validTo: null })).toMatchObject({ validity: 'No end date', hurry: null });
  });

  it('hurries in the last week, counting days as the campaign does', () => {
    const zone = { timezone: 'Europe/Kyiv' };
    expect(words(zone, { validTo: '2025-11-21T21:59:59.999Z' }).hurry).toBe('Ends today');
    expect(words(zone, { validTo: '2025-11-22T21:59:59.999Z' }).hurry).toBe('Ends tomorrow');
    expect(words(zone, { validTo: '2025-11-24T21:59:59.999Z' }, 'de').hurry).toBe('Endet in 3 Tagen');
    expect(words(zone, { validTo: '2025-12-24T21:59:59.999Z' }).hurry).toBeNull();
  });

  it('works in every language', () => {
    for (const lang of ['en', 'de', 'fr', 'nl', 'es', 'uk']) {
      const said = words({}, { validTo: '2025-11-30T21:59:59.999Z' }, lang);
      expect(said.validity).toMatch(/30/);
    }
  });
});

describe('conditions in words', () => {
  it('say where, when and from which basket', () => {
    const redemption = {
      minBasket: 2_000,
      channels: ['store' as const],
      storeIds: ['a'],
      weekdays: [1, 2, 3, 4, 7],
      hours: { from: '10:00', to: '14:00' },
    };
    expect(
      words({ redemption, discount: { kind: 'amount', value: 500, currency: 'EUR' } }).conditions,
    ).toEqual([
      'On purchases of €20 or more',
      'In store only',
      'In participating stores',
      'Monday – Thursday and Sunday',
      'From 10:00 to 14:00',
    ]);
  });

  it.each([
    ['en', 'On purchases of €19.50 or more'],
    ['de', 'Ab einem Einkauf von 19,50 €'],
    ['es', 'En compras a partir de 19,50 €'],
    ['fr', 'À partir de 19,50 € d’achat'],
    ['nl', 'Bij een aankoop vanaf € 19,50'],
    ['uk', 'Для покупок від 19,50 €'],
  ])('say the minimum of a percentage in %s', (lang, said) => {
    const redemption = { minBasket: 1_950, currency: 'EUR' };
    expect(words({ redemption }, {}, lang).conditions.map(spaced)).toEqual([said]);
  });

  it('say the minimum in the currency that it has by itself, by the discount or by another offer', () => {
    const said = (campaign: Partial<Campaign>, offerId?: string) =>
      words({ redemption: { minBasket: 2_000 }, ...campaign }, { offerId }).conditions.map(spaced);
    const offers = [
      { id: 'off_1', discount: { kind: 'percent' as const, value: 10 } },
      { id: 'off_2', discount: { kind: 'amount' as const, value: 1, currency: 'KWD' } },
    ];
    expect(said({ discount: null, offers }, 'off_1')).toEqual(['On purchases of KWD 2 or more']);
    expect(said({ redemption: { minBasket: 2_000, currency: 'JPY' } })).toEqual([
      'On purchases of ¥2,000 or more',
    ]);
    // Saved before a minimum had to have a currency.
    expect(said({})).toEqual([]);
  });

  it('are silent about what does not bind', () => {
    expect(
      words({ redemption: { channels: ['store', 'online'], weekdays: [1, 2, 3, 4, 5, 6, 7] } }).conditions,
    ).toEqual([]);
    expect(weekdayWords([6, 7], 'en')).toBe('Saturday and Sunday');
  });
});

describe('a discount in words', () => {
  it.each<[Discount, string, string | null]>([
    [{ kind: 'percent', value: 12.5 }, 'en', '12.5% off'],
    [{ kind: 'percent', value: 25 }, 'de', '25 % Rabatt'],
    [{ kind: 'amount', value: 500, currency: 'EUR' }, 'en', '€5 off'],
    [{ kind: 'amount', value: 1_250, currency: 'UAH' }, 'uk', 'Знижка 12,50 ₴'],
    [{ kind: 'amount', value: 500, currency: 'JPY' }, 'en', '¥500 off'],
    [{ kind: 'amount', value: 5_000, currency: 'KWD' }, 'en', 'KWD 5 off'],
    [{ kind: 'amount', value: 500 }, 'en', null],
    [{ kind: 'product', product: 'Cinnamon bun' }, 'en', 'Cinnamon bun'],
    [{ kind: 'other' }, 'en', null],
  ])('%j in %s', (discount, lang, expected) => {
    const { texts, locale } = languageOf(lang);
    expect(spaced(discountWords(discount, texts, locale)) ?? null).toBe(expected);
  });

  it('is not said twice when the title says it', () => {
    expect(words({ content: { title: 'Now 25 % OFF everything' } }).discount).toBeNull();
    expect(words({ content: {} })).toMatchObject({ title: '25% off', discount: null });
  });
});

describe('the language', () => {
  it('is the first wish that can be met', () => {
    expect(languageOf('xx', 'fr-CH', 'de').locale).toBe('fr-CH');
    expect(languageOf(undefined, undefined, 'ja;q=1, nl;q=0.4, es-MX;q=0.8').lang).toBe('es');
    expect(languageOf('constructor', '__proto__', '*').lang).toBe('en');
    expect(languageOf('en_US').locale).toBe('en-US');
  });
});

describe('the code in groups', () => {
  it.each([
    ['K7PQ4MWX9ZRT', '', ['K7PQ', '4MWX', '9ZRT']],
    ['K7PQ4MWX9Z', '', ['K7PQ', '4MW', 'X9Z']],
    ['ABCDE', '', ['ABCDE']],
    ['XMASK7PQ4M', 'XMAS', ['XMAS', 'K7P', 'Q4M']],
    ['SAVE-20 NOW', '', ['SAVE', '20', 'NOW']],
  ])('%s with prefix "%s"', (code, prefix, groups) => {
    expect(codeGroups(code, prefix)).toEqual(groups);
  });
});

describe('a tint', () => {
  it('is readable by day and by night, whatever colour the brand has', () => {
    for (const color of [
      '#ffffff',
      '#000000',
      '#ffeb3b',
      '#777777',
      '#ff0000',
      '#00ff00',
      '#3b3fd8',
      '#ff6f61',
    ]) {
      const tint = tintOf(color, '#ffffff', '#1c1c22');
      expect(contrast(tint.onAccent, tint.accent)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(tint.accentOnLight, '#ffffff')).toBeGreaterThanOrEqual(4.5);
      expect(contrast(tint.accentOnDark, '#1c1c22')).toBeGreaterThanOrEqual(4.5);
    }
  });
});

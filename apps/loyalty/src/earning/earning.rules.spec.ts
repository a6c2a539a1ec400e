import type { Card, EarningRule } from '@tearoff/contracts';
import { earningFaults, pointsOfEvent, pointsOfRedemption } from './earning.rules';

const rule: EarningRule = { on: 'event', event: 'order', points: 100, times: 'eur' };
const cardOf = (...earning: EarningRule[]) => ({ earning, tiers: null, timezone: 'UTC' }) as unknown as Card;
const recorded = (eur: unknown) => ({ type: 'order', params: eur === undefined ? {} : { eur } });
const earned = (eur: unknown, card = cardOf(rule)) => pointsOfEvent(card, null, recorded(eur));

describe('points for an event, times its number', () => {
  it.each([
    [4.35, 435],
    [0.29, 29],
    [0.57, 57],
    [1.15, 115],
    ['4.35', 435],
    ['1.15', 115],
    [1.999, 199],
    ['0.99999999999999999999999999999', 99],
    [0.009, 0],
    [0, 0],
    [-4, 0],
    [1e21, 1_000_000_000],
    [Number.MAX_VALUE, 1_000_000_000],
    [Number.MIN_VALUE, 0],
  ])('%p is %d', (eur, points) => {
    expect(earned(eur)).toBe(points);
    expect(earningFaults(cardOf(rule), recorded(eur))).toEqual([]);
  });

  it('of every amount of cents up to 100 are the cents', () => {
    for (let cents = 0; cents <= 10_000; cents++) expect(earned(cents / 100)).toBe(cents);
  });

  it.each(['0x10', '1e3', ' 12 ', '', 'Infinity', 'NaN', '2,5', '1 000', true, [4], { eur: 4 }])(
    '%j is no number: it gives nothing, and the fault has a path',
    (eur) => {
      expect(earned(eur)).toBe(0);
      expect(earningFaults(cardOf(rule), recorded(eur))).toEqual([
        { path: '/params/eur', message: 'must be a number such as 4.35, with a point' },
      ]);
    },
  );

  it.each([undefined, null])('%p is missing', (eur) => {
    expect(earningFaults(cardOf(rule), recorded(eur))).toEqual([
      { path: '/params/eur', message: 'is missing' },
    ]);
  });

  it('has faults of the rules for that event alone, each parameter once', () => {
    const card = cardOf(
      rule,
      { ...rule, points: 1 },
      { ...rule, event: 'visit' },
      { on: 'event', event: 'order', points: 5 },
    );
    expect(earningFaults(card, recorded('many'))).toHaveLength(1);
    expect(earned('many', card)).toBe(5);
  });
});

describe('points for a basket', () => {
  it('are of the rule’s currency alone', () => {
    const card = cardOf({ on: 'amount', points: 1, per: 100, currency: 'EUR' });
    const of = (basket: object) => pointsOfRedemption(card, null, { campaignId: 'cam_1', basket });
    expect(of({ total: 435, currency: 'EUR' })).toBe(4);
    expect(of({ total: 435 })).toBe(4);
    expect(of({ total: 435, currency: 'JPY' })).toBe(0);
  });
});

import { Holdings, unboundSlots } from './holdings';

const ofAnn = ['e:ann@example.com', 'p:+447911123456'];

describe('holdings', () => {
  it('are those under any of a person’s keys', () => {
    const holdings = new Holdings([
      { key: ofAnn[0], n: 1, couponId: 'cpn_2' },
      { key: ofAnn[1], n: 1, couponId: 'cpn_1' },
      { key: 'x:other', n: 1, couponId: 'cpn_3' },
    ]);
    expect(holdings.coupons(ofAnn)).toEqual(['cpn_1', 'cpn_2']);
  });

  it('are linked to the keys that lack them, once', () => {
    const holdings = new Holdings([{ key: ofAnn[0], n: 2, couponId: 'cpn_1' }]);
    expect(holdings.link(ofAnn, ['cpn_1', 'cpn_2'], 'd2026-01-01', 2)).toEqual([
      { key: ofAnn[0], period: 'd2026-01-01', n: 3, couponId: 'cpn_2' },
      { key: ofAnn[1], period: 'd2026-01-01', n: 1, couponId: 'cpn_1' },
      { key: ofAnn[1], period: 'd2026-01-01', n: 2, couponId: 'cpn_2' },
    ]);
    expect(holdings.link(ofAnn, ['cpn_1', 'cpn_2'], 'd2026-01-01', 2)).toEqual([]);
  });

  it('are not linked to a key that has its number of coupons', () => {
    const holdings = new Holdings([{ key: ofAnn[0], n: 1, couponId: 'cpn_2' }]);
    expect(holdings.link(ofAnn, ['cpn_1', 'cpn_2'], '', 1)).toEqual([
      { key: ofAnn[1], period: '', n: 1, couponId: 'cpn_1' },
    ]);
  });

  it('are given again as the last under a key, of several keys the oldest of those', () => {
    const holdings = new Holdings([
      { key: ofAnn[0], n: 1, couponId: 'cpn_1' },
      { key: ofAnn[0], n: 2, couponId: 'cpn_3' },
      { key: ofAnn[1], n: 1, couponId: 'cpn_4' },
    ]);
    expect([ofAnn, [ofAnn[0]], [ofAnn[1]], ['x:new']].map((keys) => holdings.again(keys))).toEqual([
      'cpn_3',
      'cpn_3',
      'cpn_4',
      undefined,
    ]);
  });

  it('without a limit never stand in each other’s way', () => {
    expect(unboundSlots(['x:1'], 'cpn_1')).toEqual([
      { key: 'x:1', period: 'cpn_1', n: 0, couponId: 'cpn_1' },
    ]);
  });
});

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
    expect(holdings.link(ofAnn, ['cpn_1', 'cpn_2'], 'd2026-01-01')).toEqual([
      { key: ofAnn[0], period: 'd2026-01-01', n: 3, couponId: 'cpn_2' },
      { key: ofAnn[1], period: 'd2026-01-01', n: 1, couponId: 'cpn_1' },
      { key: ofAnn[1], period: 'd2026-01-01', n: 2, couponId: 'cpn_2' },
    ]);
    expect(holdings.link(ofAnn, ['cpn_1', 'cpn_2'], 'd2026-01-01')).toEqual([]);
  });

  it('without a limit never stand in each other’s way', () => {
    expect(unboundSlots(['x:1'], 'cpn_1')).toEqual([
      { key: 'x:1', period: 'cpn_1', n: 0, couponId: 'cpn_1' },
    ]);
  });
});

import { nextPeriod, periodOf } from './calendar';

const zones = ['UTC', 'Europe/Kyiv', 'America/Havana', 'America/Sao_Paulo', 'Asia/Beirut', 'Pacific/Apia'];
const periods = ['day', 'week', 'month'] as const;
// Clocks that change at midnight, both ways; a day that did not exist; ends of months and years.
const moments = [
  '2026-03-08T03:30:00Z',
  '2026-11-01T03:30:00Z',
  '2017-10-14T20:00:00Z',
  '2018-02-17T20:00:00Z',
  '2022-03-26T12:00:00Z',
  '2011-12-29T20:00:00Z',
  '2026-12-31T23:59:59Z',
  '2028-02-29T12:00:00Z',
];
const cases = zones.flatMap((zone) =>
  periods.flatMap((per) => moments.map((moment) => [per, moment, zone] as const)),
);

describe('the next period', () => {
  it.each(cases)('begins with the first instant that is not of the %s of %s in %s', (per, moment, zone) => {
    const now = new Date(moment);
    const next = nextPeriod(per, now, zone)!;
    expect(next.getTime()).toBeGreaterThan(now.getTime());
    const current = periodOf(per, now, zone);
    expect(periodOf(per, new Date(next.getTime() - 1), zone)).toBe(current);
    expect(periodOf(per, next, zone)).not.toBe(current);
  });

  it('is none where there is one for the whole campaign', () => {
    expect(nextPeriod('campaign', new Date(), 'UTC')).toBeNull();
  });
});

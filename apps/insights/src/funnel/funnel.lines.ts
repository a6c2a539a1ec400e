import type { FunnelLine, ReportGroup } from '@tearoff/contracts';

const measures = [
  'views',
  'clicks',
  'botViews',
  'botClicks',
  'issued',
  'sent',
  'delivered',
  'opened',
  'redeemed',
  'reversed',
  'voided',
  'revenue',
  'discount',
  'spend',
] as const;
type Measure = (typeof measures)[number];
type Sums = Record<Measure, number>;

/** What the database counted for one key and currency; a measure that it says nothing of is nought. */
export type Row = { key: (string | null)[]; currency: string | null } & Partial<Sums>;

/** `whole`: whatever the currency. `total`: of everything. */
export interface Percentiles {
  key: (string | null)[] | null;
  currency: string | null;
  whole: boolean;
  total: boolean;
  median: number;
  p90: number;
}

/** Puts counted rows together as lines of one currency each, and their total. */
export function funnelOf(
  groups: readonly ReportGroup[],
  rows: readonly Row[],
  percentiles: readonly Percentiles[],
): { data: FunnelLine[]; total: FunnelLine } {
  const byKey = new Map<string, Row[]>();
  if (groups.length === 0) byKey.set('[]', []);
  for (const row of rows) {
    const key = JSON.stringify(row.key);
    const known = byKey.get(key);
    if (known) known.push(row);
    else byKey.set(key, [row]);
  }
  const seconds = new Map(percentiles.map((each) => [secondsKey(each), each]));
  const data = [...byKey].flatMap(([key, own]) =>
    partsOf(own).map(({ currency, whole, rows: part }) =>
      lineOf(
        Object.fromEntries(groups.map((group, index) => [group, (JSON.parse(key) as Row['key'])[index]])),
        currency,
        part,
        seconds.get(whole ? `${key} whole` : `${key} ${currency}`),
      ),
    ),
  );
  data.sort((a, b) => compare(orderOf(a), orderOf(b)));
  const [only, ...others] = partsOf(rows);
  const total = lineOf({}, others.length === 0 ? only.currency : null, rows, seconds.get('total'));
  if (others.length > 0)
    Object.assign(total, { revenue: 0, discount: 0, spend: 0, costPerRedemption: null, returnOnSpend: null });
  return { data, total };
}

interface Part {
  currency: string | null;
  /** Everything of its key. */
  whole: boolean;
  rows: Row[];
}

/** One line where there is at most one currency; else one for each, and one for what has none. */
function partsOf(rows: readonly Row[]): Part[] {
  const currencies = [...new Set(rows.map(({ currency }) => currency))];
  const named = currencies.filter((currency) => currency !== null);
  if (named.length < 2) return [{ currency: named[0] ?? null, whole: true, rows: [...rows] }];
  return currencies.map((currency) => ({
    currency,
    whole: false,
    rows: rows.filter((row) => row.currency === currency),
  }));
}

function lineOf(
  group: FunnelLine['group'],
  currency: string | null,
  rows: readonly Row[],
  seconds: Percentiles | undefined,
): FunnelLine {
  const sums = Object.fromEntries(
    measures.map((measure) => [measure, rows.reduce((sum, row) => sum + (row[measure] ?? 0), 0)]),
  ) as Sums;
  const { spend, redeemed, revenue } = sums;
  return {
    group,
    currency,
    ...sums,
    costPerRedemption: spend > 0 && redeemed > 0 ? spend / redeemed : null,
    returnOnSpend: spend > 0 ? revenue / spend : null,
    secondsToRedeem: { median: seconds?.median ?? null, p90: seconds?.p90 ?? null },
  };
}

function secondsKey({ key, currency, whole, total }: Percentiles): string {
  if (total) return 'total';
  return `${JSON.stringify(key)} ${whole ? 'whole' : currency}`;
}

const orderOf = ({ group, currency }: FunnelLine): (string | null)[] => [...Object.values(group), currency];

/** By each value in turn; what has none comes last. */
function compare(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (one === other) continue;
    if (one === null || other === null) return one === null ? 1 : -1;
    return one < other ? -1 : 1;
  }
  return 0;
}

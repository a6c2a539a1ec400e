import type { FunnelLine, GetLoyaltyReport, GetTimeseries, ReplyOf, ReportGroup } from '@tearoff/contracts';
import { csvCell } from '../../http/csv/csv-cell';

type Cell = string | number | null;

/** A column for each group, then every figure; the total is left to the spreadsheet. */
export function funnelCsv(groups: readonly ReportGroup[], lines: readonly FunnelLine[]): string {
  const rows = lines.map(({ group, secondsToRedeem, ...figures }) => [
    ...groups.map((name) => group[name]),
    ...figureNames.map((name) => figures[name]),
    secondsToRedeem.median,
    secondsToRedeem.p90,
  ]);
  return csvOf([...groups, ...figureNames, 'medianSecondsToRedeem', 'p90SecondsToRedeem'], rows);
}

const figureNames = [
  'currency',
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
  'costPerRedemption',
  'returnOnSpend',
] as const;

export function timeseriesCsv({ data, currency }: ReplyOf<typeof GetTimeseries>): string {
  const names = [
    'day',
    'views',
    'clicks',
    'issued',
    'opened',
    'redeemed',
    'reversed',
    'revenue',
    'discount',
    'spend',
  ] as const;
  return csvOf(
    [...names, 'currency'],
    data.map((line) => [...names.map((name) => line[name]), currency]),
  );
}

export function loyaltyCsv({ data }: ReplyOf<typeof GetLoyaltyReport>): string {
  const names = [
    'day',
    'membersEnrolled',
    'pointsAwarded',
    'pointsSpent',
    'pointsExpired',
    'rewardsIssued',
    'membersChangedTier',
  ] as const;
  return csvOf(
    names,
    data.map((line) => names.map((name) => line[name])),
  );
}

/** Numbers are ours, and one below nought is no formula. */
const csvOf = (header: readonly string[], rows: readonly Cell[][]): string =>
  [header, ...rows]
    .map((row) => row.map((cell) => (typeof cell === 'number' ? String(cell) : csvCell(cell))).join(','))
    .map((line) => `${line}\r\n`)
    .join('');

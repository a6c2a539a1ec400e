import type { ProcessReport } from '../deployment/service-process';
import { isReached, type Reach, type Row } from '../figure';

/** The report as Markdown that is also legible on a terminal. */
export function figureTable(rows: readonly Row[]): string {
  return markdown(
    ['figure', 'measured', 'limit', 'what limits', 'ratio', 'reach', 'reached'],
    rows.map((row) => [
      row.name,
      `${shown(row.measured)}${unitOf(row)}`,
      row.limit === null ? '–' : `${shown(row.limit)}${unitOf(row)}`,
      row.limitIs,
      row.limit === null ? '–' : (row.measured / row.limit).toFixed(2),
      reachWords(row.reach),
      row.errors > 0 ? `NO: ${row.errors} errors` : isReached(row) ? 'yes' : 'NO',
    ]),
  );
}

export function processTable(reports: readonly ProcessReport[]): string {
  const megabytes = (value: number | null | undefined): string => (value == null ? '–' : `${value} MB`);
  return markdown(
    ['process', 'start to ready', 'resident at rest', 'resident at most'],
    reports.map(({ name, startMs, atRest, peak }) => [
      name,
      `${(startMs / 1_000).toFixed(1)} s`,
      megabytes(atRest?.resident),
      megabytes(peak),
    ]),
  );
}

const unitOf = ({ unit }: Row): string => (unit === 'ms' ? ' ms' : unit);

const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);

function reachWords({ atLeast, atMost, aim, unit }: Reach): string {
  const suffix = unit ? ` ${unit}` : '';
  const bound = atLeast === undefined ? `≤ ${atMost}${suffix}` : `≥ ${atLeast}${suffix}`;
  return aim === undefined ? bound : `${bound}, aim ${aim}`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

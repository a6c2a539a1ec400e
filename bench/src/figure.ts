import type { Bench } from './bench';

/**
 * What a figure has to reach: of its ratio to the limit; of the value itself where a unit is told or there is no limit.
 */
export interface Reach {
  atLeast?: number;
  atMost?: number;
  aim?: number;
  unit?: string;
}

/** A line of the table. `errors` counts answers that were not as they should be: one is too many. */
export interface Row {
  name: string;
  measured: number;
  unit: string;
  /** What it is held against, in words. */
  limitIs: string;
  /** In the unit of `measured`; null where there is no limit but a bound. */
  limit: number | null;
  reach: Reach;
  errors: number;
}

/** One measurement, in a file of its own under figures/. */
export interface Figure {
  name: string;
  needsBroker: boolean;
  /** Left out unless it is named: it takes minutes. */
  onDemand?: boolean;
  run(bench: Bench): Promise<Row[]>;
}

/** What `reach` is about. */
export const judgedValue = ({ measured, limit, reach }: Row): number =>
  limit === null || reach.unit !== undefined ? measured : measured / limit;

export function isReached(row: Row): boolean {
  const value = judgedValue(row);
  const { atLeast = -Infinity, atMost = Infinity } = row.reach;
  return row.errors === 0 && value >= atLeast && value <= atMost;
}

import type { Bench } from './bench';
import type { Row } from './figure';

export interface Run {
  /** A rate a second, or whatever the figure compares. */
  value: number;
  errors: number;
}

/** Parts take turns, so that what the machine does meanwhile falls on all of them alike. */
export async function interleave<T extends Record<string, () => Promise<Run>>>(
  rounds: number,
  parts: T,
  tell: (line: string) => void,
): Promise<{ [K in keyof T]: Awaited<ReturnType<T[K]>>[] }> {
  const results = Object.fromEntries(Object.keys(parts).map((name) => [name, [] as Run[]]));
  for (let round = 1; round <= rounds; round++) {
    for (const [name, run] of Object.entries(parts)) {
      const result = await run();
      results[name].push(result);
      tell(`  round ${round} ${name}: ${result.value.toFixed(0)}${errorWords(result.errors)}`);
    }
  }
  return results as { [K in keyof T]: Awaited<ReturnType<T[K]>>[] };
}

/** The columns of a row whose rate is held against a limit's: both run for the seconds and rounds of the options. */
export async function compare(
  bench: Bench,
  parts: Record<'limit' | 'ours', (seconds: number) => Promise<Run>>,
): Promise<Pick<Row, 'measured' | 'unit' | 'limit' | 'errors'>> {
  const { seconds, rounds } = bench.options;
  const { limit, ours } = await interleave(
    rounds,
    { limit: () => parts.limit(seconds), ours: () => parts.ours(seconds) },
    (line) => bench.tell(line),
  );
  return { measured: medianRate(ours), unit: '/s', limit: medianRate(limit), errors: errorsOf(limit, ours) };
}

const errorWords = (errors: number): string => (errors ? `, ${errors} ERRORS` : '');

export const errorsOf = (...runs: readonly (readonly Run[])[]): number =>
  runs.flat().reduce((sum, { errors }) => sum + errors, 0);

export const medianRate = (runs: readonly Run[]): number => median(runs.map(({ value }) => value));

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `share` 0.99 = the value that one in a hundred exceeds. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

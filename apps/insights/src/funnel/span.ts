import { invalid } from '@tearoff/contracts';

export interface Span {
  from?: string;
  to?: string;
}

/** Throws `report.invalid_span` for a day that no calendar has, or an end before its beginning. */
export function checkSpan({ from, to }: Span): void {
  for (const [name, day] of Object.entries({ from, to })) {
    if (day !== undefined && !isDay(day))
      throw invalid('report.invalid_span', 'A day is written YYYY-MM-DD.', {
        errors: [{ path: `/${name}`, message: 'is not a day' }],
      });
  }
  if (from !== undefined && to !== undefined && from > to)
    throw invalid('report.invalid_span', 'The first day comes after the last.', {
      errors: [{ path: '/to', message: 'comes before from' }],
    });
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  // PostgreSQL's calendar has no year nought.
  return (
    /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(at) &&
    new Date(at).toISOString().startsWith(text)
  );
}

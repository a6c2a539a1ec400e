import { DomainError } from '@tearoff/contracts';
import type { RunError } from '../runs/run';

/** What came of an effect. `refused`: for good; `failed`: this time, and not before `askedMs` have passed again. */
export type Answer =
  | { outcome: 'done'; output: Record<string, unknown> }
  | { outcome: 'refused'; error: RunError }
  | { outcome: 'failed'; error: RunError; askedMs?: number };

/** The mapper from an error to what becomes of a step: what was not there or not in order may be in a while. */
export function answerOf(error: unknown): Answer {
  if (!(error instanceof DomainError))
    return { outcome: 'failed', error: { code: 'internal', message: 'An unexpected error occurred.' } };
  const { code, message, kind } = error;
  const passing = kind === 'unavailable' || kind === 'internal';
  return { outcome: passing ? 'failed' : 'refused', error: { code, message } };
}

export const refused = (code: string, message: string): Answer => ({
  outcome: 'refused',
  error: { code, message },
});

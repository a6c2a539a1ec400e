import { DomainError } from '@tearoff/contracts';

/** How often and how patiently a failing event is tried again; milliseconds. */
export interface RetryPolicy {
  maxAttempts: number;
  baseMs: number;
  factor: number;
  maxMs: number;
}

/** 8 attempts over about two hours: 1 s, 4 s, 16 s, 64 s, 4 min, 17 min, 1 h. */
export const defaultRetryPolicy: RetryPolicy = { maxAttempts: 8, baseMs: 1_000, factor: 4, maxMs: 3_600_000 };

/** The wait before attempt `next`, with full jitter over its upper half, so that failures do not march in step. */
export function backoffMs(policy: RetryPolicy, next: number, random = Math.random()): number {
  const full = Math.min(policy.maxMs, policy.baseMs * policy.factor ** (next - 2));
  return Math.round(full * (0.5 + random / 2));
}

/** The mapper from an error to a consumer's verdict: what is invalid now will be invalid later. */
export function verdictOf(error: unknown, attempt: number, policy: RetryPolicy): 'retry' | 'dead' {
  if (error instanceof PoisonMessageError) return 'dead';
  if (error instanceof DomainError && error.kind === 'invalid') return 'dead';
  return attempt >= policy.maxAttempts ? 'dead' : 'retry';
}

/** A message that cannot be handled whatever happens: unreadable, of an unknown type, not as contracted. */
export class PoisonMessageError extends Error {
  override readonly name = 'PoisonMessageError';
}

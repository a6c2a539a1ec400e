import { DomainError } from '@tearoff/contracts';

/** How often a failing event is tried again, and the waits between the attempts in milliseconds. */
export interface RetryPolicy {
  maxAttempts: number;
  baseMs: number;
  factor: number;
  maxMs: number;
}

/** 8 attempts over about two hours: 1 s, 4 s, 16 s, 64 s, 4 min, 17 min, 1 h. */
export const defaultRetryPolicy: RetryPolicy = { maxAttempts: 8, baseMs: 1_000, factor: 4, maxMs: 3_600_000 };

/** The wait before attempt `next`, with random jitter over its upper half, so that retries spread out. */
export function backoffMs(policy: RetryPolicy, next: number, random = Math.random()): number {
  const full = Math.min(policy.maxMs, policy.baseMs * policy.factor ** (next - 2));
  return Math.round(full * (0.5 + random / 2));
}

/** Decides whether a failed event is tried again; an invalid event is not, because it stays invalid. */
export function retryOrDead(error: unknown, attempt: number, policy: RetryPolicy): 'retry' | 'dead' {
  if (error instanceof PoisonMessage) return 'dead';
  if (error instanceof DomainError && error.kind === 'invalid') return 'dead';
  return attempt >= policy.maxAttempts ? 'dead' : 'retry';
}

/** An event that can never be handled: its type is unknown or it does not match its contract. */
export class PoisonMessage extends Error {
  override readonly name = 'Poison';
}

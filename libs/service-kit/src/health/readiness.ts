import type { Logger } from '../logging/logger';

/** Resolves when the thing it is named after can be used, rejects when not. */
export type HealthCheck = () => Promise<void>;

export interface Readiness {
  ready: boolean;
  /** Each check by name; why one failed is in the log only. */
  checks: Record<string, 'ok' | 'failed'>;
}

// Kubernetes asks with a time-out of its own; an answer that names the hanging part is worth more.
const limitMs = 2_000;

/** Runs all checks side by side, each for at most two seconds. Ready = none failed. */
export async function readinessOf(checks: Record<string, HealthCheck>, logger?: Logger): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await within(limitMs, check());
        return [name, 'ok'] as const;
      } catch (error) {
        logger?.warn({ check: name, err: error }, 'not ready');
        return [name, 'failed'] as const;
      }
    }),
  );
  return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
}

/** `work`, or a rejection when it has not settled after `milliseconds`. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

import { setTimeout as pause } from 'node:timers/promises';

export interface EventuallyOptions {
  timeoutMs?: number;
  intervalMs?: number;
}

/**
 * Calls `attempt` until it neither throws nor returns false, and returns what it returned. After `timeoutMs`
 * (20 s) it throws the last attempt's error.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { timeoutMs = 20_000, intervalMs = 20 }: EventuallyOptions = {},
): Promise<Awaited<T>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      const value = await attempt();
      if (value !== false) return value;
      throw new Error('it is still false');
    } catch (error) {
      if (performance.now() >= deadline) {
        if (error instanceof Error) error.message = `Not so after ${timeoutMs} ms: ${error.message}`;
        throw error;
      }
    }
    await pause(intervalMs);
  }
}

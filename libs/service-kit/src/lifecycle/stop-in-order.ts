import { within } from '../health/readiness';
import type { Logger } from '../logging/logger';

export interface StopStep {
  name: string;
  run: () => Promise<unknown>;
}

/**
 * Runs the steps one after another. One that fails or takes longer than `limitMs` is logged and left behind:
 * what comes after it must be closed all the same.
 */
export async function stopInOrder(steps: StopStep[], logger: Logger, limitMs = 10_000): Promise<void> {
  for (const { name, run } of steps) {
    try {
      await within(limitMs, run());
    } catch (error) {
      logger.error({ err: error, step: name }, 'a step of stopping failed');
    }
  }
}

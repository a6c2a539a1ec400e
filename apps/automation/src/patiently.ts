import { setTimeout as pause } from 'node:timers/promises';
import { isSerializationFailure, isUniqueViolation } from '@tearoff/service-kit';

const attempts = 5;

/** Runs a transaction again, up to five times, when PostgreSQL ended it for another's sake. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !(isSerializationFailure(error) || isUniqueViolation(error))) throw error;
      await pause(Math.random() * 10 * attempt);
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { isSerializationFailure } from '@tearoff/service-kit';

const attempts = 5;

/** Runs a transaction again, up to five times, when PostgreSQL ended it for another's sake (deadlock). */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !isSerializationFailure(error)) throw error;
      await delay(Math.random() * 10 * attempt);
    }
  }
}

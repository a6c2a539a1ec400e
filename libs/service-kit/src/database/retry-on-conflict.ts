import { setTimeout as delay } from 'node:timers/promises';
import { isSerializationFailure } from './database.errors';

const maxAttempts = 5;

/** Runs a transaction up to five times while it fails by a conflict: by default a deadlock or serialization failure. */
export async function retryOnConflict<T>(
  transaction: () => Promise<T>,
  isConflict: (error: unknown) => boolean = isSerializationFailure,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt === maxAttempts || !isConflict(error)) throw error;
      await delay(Math.random() * 10 * attempt);
    }
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { unavailable, type DomainError } from '@tearoff/contracts';
import { isSerializationFailure, isUniqueViolation } from '@tearoff/service-kit';

const attempts = 10;

/** Someone on the open path took a slot since it was read. */
export class SlotTaken extends Error {}

/** Runs a transaction that issues; again, for others may have been in its way, until it commits. */
export async function retryUntilDecided<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SlotTaken || isUniqueViolation(error) || isSerializationFailure(error)))
        throw error;
      await pause(Math.random() * 10 * attempt);
    }
  }
  throw busy();
}

export const busy = (): DomainError =>
  unavailable('campaign.busy', 'Too many requests for the same recipients at once; try again.');

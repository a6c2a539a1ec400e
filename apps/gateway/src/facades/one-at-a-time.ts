import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { conflict, unavailable } from '@tearoff/contracts';
import { fingerprintOf } from '../access/idempotency/fingerprint';
import { IdempotencyStore } from '../access/idempotency/idempotency.store';

/** Longer than the commands of one request take; after that anyone who held the key is taken for dead. */
const leaseSeconds = 40;
const patienceMs = 15_000;
const pauseMs = 50;

export interface Turn {
  accountId: string;
  /** What must not be done twice at a time; printable, of the façade's own. */
  key: string;
  /** What was asked under the key: something else under the same one is refused. */
  asked: unknown;
  /** Whether the answer is kept for a day and given again, in place of doing it again. */
  keepAnswer: boolean;
}

/** Work that must not happen twice at once, at however many gateways it is asked for. On the table of Idempotency-Keys. */
@Injectable()
export class OneAtATime {
  constructor(private readonly store: IdempotencyStore) {}

  /**
   * Does the work, or answers what it answered before; waits for another that is at it. Work that fails may be
   * tried again. Fails with `request.key_reused`, `request.in_progress` (after 15 s).
   */
  async run<T>({ accountId, key, asked, keepAnswer }: Turn, work: () => Promise<T>): Promise<T> {
    // A header cannot hold this character, so that no Idempotency-Key is ever the same.
    const name = `\u0001${key}`;
    const fingerprint = fingerprintOf('', key, asked);
    for (const deadline = performance.now() + patienceMs; ; await pause(pauseMs)) {
      const taken = await this.store.take(accountId, name, fingerprint, leaseSeconds);
      if (taken.outcome === 'answered') return JSON.parse(taken.answer.body) as T;
      if (taken.outcome === 'other_payload')
        throw conflict('request.key_reused', 'This was said before, with another request.');
      if (taken.outcome === 'in_progress') {
        if (performance.now() < deadline) continue;
        throw unavailable('request.in_progress', 'The same request is still under way.');
      }
      try {
        const answer = await work();
        if (keepAnswer) {
          const stored = { status: 200, headers: {}, body: JSON.stringify(answer) };
          // It has happened and must be told; anyone who asks again finds what was made.
          await this.store.store(taken.lease, stored, null).catch(() => undefined);
        } else await this.store.release(taken.lease).catch(() => undefined);
        return answer;
      } catch (error) {
        await this.store.release(taken.lease).catch(() => undefined);
        throw error;
      }
    }
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';

export interface PollOptions {
  seconds: number;
  firstPauseMs: number;
  longestPauseMs: number;
  /** Its connection closing ends the wait: no one is there to be told. */
  reply: FastifyReply;
}

/**
 * Asks, less and less often, until an answer is final or the time is up. A question that fails, or that null answers, is
 * asked again. The last answer, final or not; null when there was none.
 */
export async function pollUntil<T>(
  isFinal: (answer: T) => boolean,
  ask: () => Promise<T | null>,
  { seconds, firstPauseMs, longestPauseMs, reply }: PollOptions,
): Promise<T | null> {
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  reply.raw.once('close', onClose);
  const deadline = performance.now() + seconds * 1_000;
  let latest: T | null = null;
  try {
    for (let wait = firstPauseMs; ; wait = Math.min(longestPauseMs, wait * 1.5)) {
      const answer = await ask().catch(() => null);
      latest = answer ?? latest;
      if (answer !== null && isFinal(answer)) return answer;
      const left = deadline - performance.now();
      if (left <= 0) return latest;
      await pause(Math.min(wait, left), undefined, { signal: gone.signal });
    }
  } catch (error) {
    if (gone.signal.aborted) return latest;
    throw error;
  } finally {
    reply.raw.off('close', onClose);
  }
}

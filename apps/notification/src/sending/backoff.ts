/** How often a delivery is tried, and the wait before the second attempt; each further wait is three times as long. */
export interface AttemptPolicy {
  attempts: number;
  retryMs: number;
}

const factor = 3;
const longestMs = 3_600_000;

/**
 * Milliseconds to wait after that many failed attempts, spread over a quarter either way so that what failed
 * together does not come back together; null when there is to be no other. A provider that says how long to
 * wait is heeded. By default 30 s, 90 s, 4.5 min, 13.5 min, 40 min: an hour in all.
 */
export function waitBeforeNext(
  policy: AttemptPolicy,
  attempts: number,
  retryAfterMs = 0,
  random = Math.random(),
): number | null {
  if (attempts >= policy.attempts) return null;
  const wait = Math.min(policy.retryMs * factor ** (attempts - 1), longestMs) * (0.75 + random / 2);
  return Math.round(Math.max(wait, Math.min(retryAfterMs, longestMs)));
}

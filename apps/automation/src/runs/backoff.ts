const policy = { attempts: 8, baseMs: 1_000, factor: 4, maxMs: 3_600_000 };

/**
 * When a step whose attempt failed is tried again: 1 s, 4 s, 16 s … 1 h; null after the eighth. `askedMs`: for which
 * anyone who was asked wants to be left alone; not earlier then, an hour at most.
 */
export function retryAt(
  attempts: number,
  now: Date,
  { askedMs = 0, random = Math.random() } = {},
): Date | null {
  if (attempts >= policy.attempts) return null;
  const full = Math.min(policy.maxMs, policy.baseMs * policy.factor ** (attempts - 1));
  // Over its upper half, so that failures do not march in step.
  const wait = Math.max(full * (0.5 + random / 2), Math.min(askedMs, policy.maxMs) * (1 + random / 5));
  return new Date(now.getTime() + Math.round(wait));
}

const policy = { attempts: 8, baseMs: 1_000, factor: 4, mostMs: 3_600_000 };

/** When a step whose attempt failed is tried again: 1 s, 4 s, 16 s … 1 h; null after the eighth. */
export function retryAt(attempts: number, now: Date, random = Math.random()): Date | null {
  if (attempts >= policy.attempts) return null;
  const full = Math.min(policy.mostMs, policy.baseMs * policy.factor ** (attempts - 1));
  // Over its upper half, so that failures do not march in step.
  return new Date(now.getTime() + Math.round(full * (0.5 + random / 2)));
}

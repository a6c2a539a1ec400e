/** How often each outcome, or reason of a refusal, came. */
export function tally(outcomes: readonly { outcome: string; reason?: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome, reason } of outcomes) {
    const name = outcome === 'refused' && reason ? reason : outcome;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

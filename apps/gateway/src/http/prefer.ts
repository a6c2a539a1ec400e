const maxSeconds = 30;

/** The seconds that `Prefer: wait=N` (RFC 7240) is willing to wait, at most 30; null when it does not say. */
export function waitOf(prefer: string | string[] | undefined): number | null {
  if (prefer === undefined) return null;
  const found = /(?:^|,|;)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=$|,|;)/i.exec([prefer].flat().join(','));
  return found ? Math.min(Number(found[1]), maxSeconds) : null;
}

/**
 * Milliseconds for which the sender of a `Retry-After` asks to be left alone (RFC 9110, 10.2.3: seconds, or a date of
 * HTTP, which ends in GMT); 0 = it says nothing.
 */
export function retryAfterMs(header: string | undefined, now = new Date()): number {
  if (header === undefined) return 0;
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  const until = header.endsWith(' GMT') ? Date.parse(header) : NaN;
  return Number.isNaN(until) ? 0 : Math.max(0, until - now.getTime());
}

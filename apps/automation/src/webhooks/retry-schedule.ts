/** Milliseconds to wait after each failed try; when there are no more the attempt has failed. */
export type RetrySchedule = readonly number[];

/** 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 3 h, 6 h, 12 h, 24 h, 24 h: about three days. */
export const threeDays = '5 30 120 600 1800 3600 10800 21600 43200 86400 86400';

/** Seconds, separated by blanks. */
export const scheduleOf = (text: string): RetrySchedule =>
  text.split(/\s+/).map((seconds) => Number(seconds) * 1_000);

/**
 * Spread over a fifth either way, so that what failed together does not come back together; null = that was the last.
 * `askedMs`: for which the endpoint asked to be left alone; not less then, but no longer than the longest wait.
 */
export function waitAfter(
  schedule: RetrySchedule,
  tries: number,
  askedMs = 0,
  random = Math.random(),
): number | null {
  const wait = schedule.at(tries - 1);
  if (tries > schedule.length || wait === undefined) return null;
  const asked = Math.min(askedMs, Math.max(...schedule));
  return Math.round(Math.max(wait * (0.8 + random * 0.4), asked * (1 + random * 0.2)));
}

import { DateTime } from 'luxon';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/**
 * The next instant after `now` at which clocks in that zone show that time (on that day of the week). A time that the
 * clocks leave out counts as the one an hour later; one that they show twice comes once, the first time.
 */
export function nextLocal(now: Date, time: string, weekday: Weekday | undefined, zone: string): Date {
  const [hour, minute] = time.split(':').map(Number);
  const today = DateTime.fromJSDate(now, { zone });
  for (let days = 0; ; days++) {
    const day = today.plus({ days });
    if (weekday && weekdays[day.weekday - 1] !== weekday) continue;
    const set = day.startOf('day').set({ hour, minute });
    const at = DateTime.min(...set.getPossibleOffsets())!;
    if (at.toMillis() > now.getTime()) return at.toJSDate();
  }
}

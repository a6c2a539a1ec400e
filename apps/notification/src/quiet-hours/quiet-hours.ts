import type { CampaignMessages } from '@tearoff/contracts';
import { LRUCache } from 'lru-cache';
import { DateTime } from 'luxon';

export type QuietHours = NonNullable<CampaignMessages['quietHours']>;

/** A list's deliveries share hours and zone, and luxon takes longer than the rest of writing one. */
const known = new LRUCache<string, { end: Date | null }>({ max: 2_000 });

/**
 * When the quiet hours end that hold at that instant in that zone; null when none do. What the clock on their wall
 * says decides: an hour that the clocks repeat is as quiet the second time, and hours that end in one that they
 * leave out end after it.
 */
export function quietUntil(hours: QuietHours, zone: string, at = new Date()): Date | null {
  const minute = Math.floor(at.getTime() / 60_000);
  const key = `${zone} ${hours.from} ${hours.to} ${minute}`;
  let found = known.get(key);
  if (!found) {
    found = { end: endOf(hours, zone, new Date(minute * 60_000)) };
    known.set(key, found);
  }
  return found.end;
}

function endOf({ from, to }: QuietHours, zone: string, at: Date): Date | null {
  const local = DateTime.fromJSDate(at, { zone });
  const now = local.toFormat('HH:mm');
  const overnight = from > to;
  const quiet = overnight ? now >= from || now < to : now >= from && now < to;
  if (!quiet) return null;
  const day = overnight && now >= from ? local.plus({ days: 1 }) : local;
  const [hour, minute] = to.split(':').map(Number);
  let end = day.set({ hour, minute });
  // The first of two such times can lie behind an instant in the repeated hour.
  if (end <= local) end = end.plus({ hours: 1 });
  return end.toJSDate();
}

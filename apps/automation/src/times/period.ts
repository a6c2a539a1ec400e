import type { Trigger } from '@tearoff/contracts';
import { DateTime } from 'luxon';
import type { DomainEvent } from '../domain-events/domain-event';

/** How a start key begins that counts once for good; those of happenings and periods do not come again by themselves. */
export const onceForGood = 'once ';

/** What may start but one run of a workflow: this happening, its key, or its key within a calendar period. */
export function startKeyOf({ id, key, at }: DomainEvent, repeat: Trigger['repeat'], zone: string): string {
  if (repeat === 'every') return `every ${id}`;
  if (repeat === undefined || repeat === 'once') return `${onceForGood}${key}`;
  const { oncePer } = repeat;
  // Weeks begin on Monday. The word keeps a month apart from its first day when `repeat` is changed.
  const start = DateTime.fromISO(at, { zone }).startOf(oncePer);
  return `${oncePer} ${start.toISODate()} ${key}`;
}

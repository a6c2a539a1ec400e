import { broadcasts, queues } from '@tearoff/contracts';

/** `outbox.queue` of a row that is published only to the queues that batch its type (`batched` in the contracts). */
export const deferredQueue = 'later';

const queuesBoundTo = (type: string) => queues.filter(({ types }) => types.some((one) => one.type === type));
const typesOf = (lists: readonly (readonly { type: string }[])[]): string[] => [
  ...new Set(lists.flat().map(({ type }) => type)),
];

/** Types that at least one queue batches. */
export const batchedTypes: readonly string[] = typesOf(queues.map(({ batched = [] }) => batched));

const liveTypes = typesOf(Object.values(broadcasts));
const onlyDeferred = new Set(
  batchedTypes.filter(
    (type) =>
      !liveTypes.includes(type) &&
      queuesBoundTo(type).every(({ batched }) => batched?.some((one) => one.type === type)),
  ),
);

/** `outbox.queue` of an event for all queues bound to its type: null, or `deferredQueue` when all of them batch it. */
export const broadcastQueue = (type: string): string | null =>
  onlyDeferred.has(type) ? deferredQueue : null;

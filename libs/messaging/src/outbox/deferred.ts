import { broadcasts, queues } from '@tearoff/contracts';

/** In place of a queue's name, of rows that only those queues are still to be told of that let their type gather. */
export const deferred = 'later';

const bound = (type: string) => queues.filter(({ types }) => types.some((one) => one.type === type));
const typesOf = (lists: readonly (readonly { type: string }[])[]): string[] => [
  ...new Set(lists.flat().map(({ type }) => type)),
];

/** Types that some queue lets gather. */
export const batchedTypes: readonly string[] = typesOf(queues.map(({ batched: gathers = [] }) => gathers));

const heard = typesOf(Object.values(broadcasts));
const deferredOnly = new Set(
  batchedTypes.filter(
    (type) =>
      !heard.includes(type) &&
      bound(type).every(({ batched: gathers }) => gathers?.some((one) => one.type === type)),
  ),
);

/** What the outbox keeps as the queue of an event that is for everyone: null, or `later` when no one waits for it. */
export const broadcastQueue = (type: string): string | null => (deferredOnly.has(type) ? deferred : null);

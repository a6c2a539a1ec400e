import { broadcasts, queues } from '@tearoff/contracts';

/** In place of a queue's name, of rows that only those queues are still to be told of that let their type gather. */
export const later = 'later';

const bound = (type: string) => queues.filter(({ types }) => types.some((one) => one.type === type));
const typesOf = (lists: readonly (readonly { type: string }[])[]): string[] => [
  ...new Set(lists.flat().map(({ type }) => type)),
];

/** Types that some queue lets gather. */
export const gathering: readonly string[] = typesOf(queues.map(({ gathers = [] }) => gathers));

const heard = typesOf(Object.values(broadcasts));
const onlyLater = new Set(
  gathering.filter(
    (type) =>
      !heard.includes(type) && bound(type).every(({ gathers }) => gathers?.some((one) => one.type === type)),
  ),
);

/** What the outbox keeps as the queue of an event that is for everyone: null, or `later` when nobody waits for it. */
export const everyone = (type: string): string | null => (onlyLater.has(type) ? later : null);

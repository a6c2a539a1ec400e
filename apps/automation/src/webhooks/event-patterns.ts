import { invalid, systemEvents } from '@tearoff/contracts';

const ownBeginnings = new Set(systemEvents.map((event) => event.slice(0, event.indexOf('.') + 1)));

/** Whether a webhook with these patterns is to be told of the event. */
export const tells = (patterns: readonly string[], event: string): boolean =>
  patterns.some(
    (pattern) =>
      pattern === '*' ||
      pattern === event ||
      (pattern.endsWith('.*') && event.startsWith(pattern.slice(0, -1))),
  );

/** Fails with `webhook.unknown_event` where no event could ever match: a system event's name that is mistyped. */
export function checkPatterns(patterns: readonly string[]): void {
  const errors = patterns.flatMap((pattern, index) => {
    const isOwn = [...ownBeginnings].some((beginning) => pattern.startsWith(beginning));
    const known = !isOwn || systemEvents.some((event) => tells([pattern], event));
    if (known) return [];
    return [{ path: `/events/${index}`, message: `is no event of the system: ${systemEvents.join(', ')}` }];
  });
  if (errors.length > 0)
    throw invalid('webhook.unknown_event', 'The webhook names an event that does not exist.', { errors });
}

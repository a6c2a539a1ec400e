import { readBody, type ReadBody } from '../inbox/received-event';

/**
 * A message for several queues of this process: read once, by the first who asks, and frozen, so that no consumer can
 * change what another one sees.
 */
export class SharedBody {
  private was: ReadBody | null = null;

  constructor(readonly text: string) {}

  read(): ReadBody {
    return (this.was ??= frozen(readBody(this.text)));
  }
}

/** Without recursion: what strangers send may be nested deeper than a stack is. */
function frozen<T>(value: T): T {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    left.push(...Object.values(next));
  }
  return value;
}

import { readBody, type ReadBody } from '../inbox/received-event';

/**
 * A message for several queues of this process. It is parsed once, at the first read, and frozen, so that no consumer
 * can change what another one reads.
 */
export class SharedBody {
  private content: ReadBody | null = null;

  constructor(readonly text: string) {}

  read(): ReadBody {
    return (this.content ??= deepFreeze(readBody(this.text)));
  }
}

/** Without recursion, because untrusted input may be nested deeper than the call stack allows. */
function deepFreeze<T>(value: T): T {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    left.push(...Object.values(next));
  }
  return value;
}

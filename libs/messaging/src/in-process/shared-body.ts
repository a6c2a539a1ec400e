import { parseEvents, type ReceivedEvent } from '../inbox/received-event';

/**
 * A message for several queues of this process: read once, whoever asks first, and frozen, so that no consumer can
 * change what another one sees.
 */
export class SharedBody {
  private read: readonly ReceivedEvent[] | null = null;

  constructor(readonly text: string) {}

  /** Throws `Poison`. */
  events(): readonly ReceivedEvent[] {
    return (this.read ??= frozen(parseEvents(this.text)));
  }
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const name in value) frozen(value[name]);
  }
  return value;
}

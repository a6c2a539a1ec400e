import type { EventDefinition, ItemOf } from '@tearoff/contracts';
import { readBody } from './inbox/received-event';

/**
 * Events as they pass, for what is open in this process right now. Nothing waits and nothing is repeated: a
 * listener must be right without it, only slower.
 */
export class Broadcasts {
  private readonly listeners = new Map<string, Set<(item: never) => void>>();

  /** Calls `listener` for each item; returns what takes it off. Only types that the contracts broadcast to this service come. */
  on<E extends EventDefinition>(event: E, listener: (item: ItemOf<E>) => void): () => void {
    const listeners = this.listeners.get(event.type) ?? new Set();
    this.listeners.set(event.type, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Hands a message's events to anyone who listens; one listener's error is not another's. */
  deliver(body: string, onError: (error: unknown) => void): void {
    try {
      for (const event of readBody(body).events)
        for (const listener of this.listeners.get(event.type) ?? [])
          for (const item of event.items)
            try {
              listener(item as never);
            } catch (error) {
              onError(error);
            }
    } catch (error) {
      onError(error);
    }
  }
}

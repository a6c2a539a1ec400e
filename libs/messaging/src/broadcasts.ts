import type { EventDefinition, ItemOf } from '@tearoff/contracts';
import { readBody } from './inbox/received-event';

/**
 * Live events for what is open in this process, such as pages that update themselves. Delivery is best effort, without
 * storage or retries: a listener must also work without it, only slower.
 */
export class Broadcasts {
  private readonly listeners = new Map<string, Set<(item: never) => void>>();

  /**
   * Calls `listener` for each item of a type that the contracts broadcast to this service; returns a function that
   * removes it.
   */
  on<E extends EventDefinition>(event: E, listener: (item: ItemOf<E>) => void): () => void {
    const listeners = this.listeners.get(event.type) ?? new Set();
    this.listeners.set(event.type, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Passes a message's events to the listeners; an error of one listener does not affect the others. */
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

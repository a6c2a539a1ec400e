import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';

/** What the strategy does when Nest has told it every handler, and when Nest closes. */
export interface ServerLifecycle {
  start(
    handlers: ReadonlyMap<string, (payload: unknown, context: unknown) => Promise<unknown>>,
  ): Promise<void>;
  stop(): Promise<void>;
}

/** Nest's side of both transports: collects `@MessagePattern` and `@EventPattern` handlers, starts and stops. */
export class MessagingServer extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('tearoff');

  constructor(private readonly lifecycle: ServerLifecycle) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    const handlers = new Map(
      [...this.messageHandlers].map(([pattern, handler]) => [pattern, callable(handler)] as const),
    );
    this.lifecycle.start(handlers).then(() => callback(), callback);
  }

  close(): Promise<void> {
    return this.lifecycle.stop();
  }

  on(): void {
    throw new Error('this transport has no events of its own to listen to');
  }

  unwrap<T>(): T {
    return this.lifecycle as T;
  }
}

/** A handler and those chained behind it on the same pattern, one after another. */
function callable(handler: MessageHandler): (payload: unknown, context: unknown) => Promise<unknown> {
  return async (payload, context) => {
    let result: unknown;
    for (
      let current: MessageHandler | undefined = handler;
      current;
      current = current.next as MessageHandler
    ) {
      const returned: unknown = await current(payload, context);
      // A filter answers with a stream (of the error), a handler with whatever it returned.
      result = isObservable(returned) ? await lastValueFrom(returned, { defaultValue: undefined }) : returned;
    }
    return result;
  };
}

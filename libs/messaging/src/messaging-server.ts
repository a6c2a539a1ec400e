import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';

/**
 * Pattern of a handler for one queue, where several queues of a service carry the same event type:
 * `@EventPattern(onQueue('loyalty.wallets', CouponRedeemed.type))`. A handler of the bare type serves the other
 * queues.
 */
export const onQueue = (queue: string, type: string): string => `${queue} ${type}`;

/** Called when Nest has registered every handler, and when Nest closes. */
export interface ServerLifecycle {
  start(
    handlers: ReadonlyMap<string, (payload: unknown, context: unknown) => Promise<unknown>>,
  ): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Nest's transport strategy, the same for both transports: collects the `@MessagePattern` and `@EventPattern`
 * handlers.
 */
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
    throw new Error('this transport emits no events of its own');
  }

  unwrap<T>(): T {
    return this.lifecycle as T;
  }
}

/** Runs a handler and then the handlers that Nest has chained to it for the same pattern. */
function callable(handler: MessageHandler): (payload: unknown, context: unknown) => Promise<unknown> {
  return async (payload, context) => {
    let result: unknown;
    for (
      let current: MessageHandler | undefined = handler;
      current;
      current = current.next as MessageHandler
    ) {
      const returned: unknown = await current(payload, context);
      // An exception filter returns an Observable, a handler returns its plain result.
      result = isObservable(returned) ? await lastValueFrom(returned, { defaultValue: undefined }) : returned;
    }
    return result;
  };
}

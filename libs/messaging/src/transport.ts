import type { QueueDefinition, ServiceName } from '@tearoff/contracts';
import type { ReadBody } from './inbox/received-event';
import type { CommandMessage, ReplyMessage } from './rpc/rpc-message';

/** A message as a consumer gets it: exactly one of `ack`, `nack` and `reject` must be called, once. */
export interface Incoming {
  readonly body: string;
  /** The body as events. Other consumers may hold the very same objects: they are not written to. */
  read(): ReadBody;
  ack(): void;
  /** Back to the queue, for this or another consumer. */
  nack(): void;
  /** Given up: to those who consume the dead messages of the queue's service (`consumeDead`). */
  reject(): void;
}

/** A message that its consumer has rejected, or that has killed its consumer too often, and the queue it was in. */
export interface DeadMessage extends Omit<Incoming, 'reject'> {
  readonly queue: string;
  readonly cause: 'rejected' | 'killed its consumer';
}

/** Of the queues bound to an event's type: `later` those that let it gather, `now` the others. */
export type Part = 'now' | 'later';

/** What the relay hands over. Durable: `publish` settles when the message can no longer be lost. */
export interface Outgoing {
  /** An event's type (to everyone bound to it) or one queue's name, without the prefix. */
  readonly to: { readonly event: string; readonly part?: Part } | { readonly queue: string };
  readonly body: string;
}

export interface Consumer {
  /** No new message is handed out after this; those in hand may still be settled. */
  stop(): Promise<void>;
}

/** Answers a message of commands, whatever it turns out to be; null when no one waits any more. Does not reject. */
export type Responder = (message: unknown) => Promise<ReplyMessage | null>;

/** A service's connection to the others. The two transports differ in nothing but this. */
export interface Link {
  /**
   * Rejects with `Unroutable` when contracts name a consumer and no queue took it, with any other error when
   * the message may or may not have arrived.
   */
  publish(message: Outgoing): Promise<void>;
  /** `prefetch`: how many unsettled messages this consumer holds at most. */
  consume(
    queue: QueueDefinition,
    prefetch: number,
    onMessage: (message: Incoming) => void,
  ): Promise<Consumer>;
  /**
   * Rejects at once with `service.unavailable` when no instance of that service runs. What has waited for
   * `timeoutMs` to be taken by one is dropped.
   */
  request(service: ServiceName, message: CommandMessage, timeoutMs: number): Promise<ReplyMessage>;
  respond(service: ServiceName, prefetch: number, handler: Responder): Promise<Consumer>;
  /** Every event of these types as it passes, while this process listens; no promise. */
  listen(
    service: ServiceName,
    types: readonly string[],
    onMessage: (body: string) => void,
  ): Promise<Consumer>;
  consumeDead(service: ServiceName, onMessage: (message: DeadMessage) => void): Promise<Consumer>;
  /** Resolves while publishing is possible; used for readiness and to hold the relay while a broker is away. */
  ready(): Promise<void>;
  isReady(): boolean;
  close(): Promise<void>;
}

export interface Transport {
  readonly kind: 'rabbitmq' | 'in-process';
  /**
   * True when `publish` settles only after the consumers have handled the message (nothing else would keep
   * it): then each work queue, and what gathers, is relayed by a loop of its own, so that neither holds news up.
   */
  readonly publishWaitsForHandling: boolean;
  /** Declares the whole topology. */
  connect(service: ServiceName): Promise<Link>;
}

/** No queue took a message that contracts say someone consumes; it is kept and tried again. */
export class Unroutable extends Error {
  override readonly name = 'Unroutable';
}

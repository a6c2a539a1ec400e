import type { QueueDefinition, ServiceName } from '@tearoff/contracts';
import type { ReadBody } from './inbox/received-event';
import type { CommandMessage, ReplyMessage } from './rpc/rpc-message';

/** A message as a consumer receives it: exactly one of `ack`, `nack` and `reject` must be called, once. */
export interface IncomingMessage {
  readonly body: string;
  /** The body as events. Other consumers may hold the same objects, so they must not be changed. */
  read(): ReadBody;
  ack(): void;
  /** Returns it to the queue, for this or another consumer. */
  nack(): void;
  /** Moves it to the dead messages of the queue's service (`consumeDead`). */
  reject(): void;
}

/** A message that its consumer rejected or that reached the delivery limit, and the queue it was in. */
export interface DeadMessage extends Omit<IncomingMessage, 'reject'> {
  readonly queue: string;
  readonly cause: 'rejected' | 'delivery limit';
}

/** The queues bound to an event's type: `deferred` are those that batch the type, `immediate` the others. */
export type QueueGroup = 'immediate' | 'deferred';

/** A message as the relay publishes it. */
export interface OutgoingMessage {
  /** An event's type, for all queues bound to it (or one group of them), or one queue's name without the prefix. */
  readonly to: { readonly event: string; readonly group?: QueueGroup } | { readonly queue: string };
  readonly body: string;
}

export interface Consumer {
  /** No new message is delivered after this; messages already delivered may still be acknowledged. */
  stop(): Promise<void>;
}

/** Answers a message of commands, malformed ones too; null when no caller still waits. Does not reject. */
export type Responder = (message: unknown) => Promise<ReplyMessage | null>;

/** A service's connection to the others. This is all that the two transports implement differently. */
export interface Link {
  /**
   * Resolves when the message can no longer be lost. Rejects with `Unroutable` when the contracts name a consumer and
   * no queue took the message; after any other error it may or may not have arrived.
   */
  publish(message: OutgoingMessage): Promise<void>;
  /** `prefetch`: how many unacknowledged messages this consumer holds at most. */
  consume(
    queue: QueueDefinition,
    prefetch: number,
    onMessage: (message: IncomingMessage) => void,
  ): Promise<Consumer>;
  /**
   * Rejects immediately with `service.unavailable` when no instance of that service runs. A message that no instance
   * takes within `timeoutMs` is dropped.
   */
  request(service: ServiceName, message: CommandMessage, timeoutMs: number): Promise<ReplyMessage>;
  respond(service: ServiceName, prefetch: number, handler: Responder): Promise<Consumer>;
  /** Events of these types, while this process listens. Delivery is best effort: nothing is stored or repeated. */
  listen(
    service: ServiceName,
    types: readonly string[],
    onMessage: (body: string) => void,
  ): Promise<Consumer>;
  consumeDead(service: ServiceName, onMessage: (message: DeadMessage) => void): Promise<Consumer>;
  /** Resolves once publishing is possible: the relay waits for it while the broker is unavailable. */
  ready(): Promise<void>;
  isReady(): boolean;
  close(): Promise<void>;
}

export interface Transport {
  readonly kind: 'rabbitmq' | 'in-process';
  /**
   * True when `publish` settles only after the consumers have handled the message, because the transport stores
   * nothing. Then each work queue and the deferred events have a relay loop of their own, so that they do not delay
   * other events.
   */
  readonly publishWaitsForHandling: boolean;
  /** Connects, and declares the whole topology. */
  connect(service: ServiceName): Promise<Link>;
}

/** No queue took a message although the contracts name a consumer; the outbox keeps it and publishes it again. */
export class Unroutable extends Error {
  override readonly name = 'Unroutable';
}

import type { MessageContext } from '@tearoff/contracts';
import type { Transaction } from './outbox/transaction';

/** Second argument of a command's handler: `contexts[i]` belongs to the i-th request of the batch. */
export interface CommandContext {
  readonly contexts: readonly MessageContext[];
}

/** Second argument of an event's handler: everything it writes through `tx` commits together with the inbox row. */
export interface EventContext {
  readonly tx: Transaction;
  readonly contexts: readonly MessageContext[];
  /** One stable id per item: a redelivered item has the same id. */
  readonly eventIds: readonly string[];
}

/**
 * Second argument of a work queue's handler, which runs outside any transaction and may be called again for an item.
 */
export interface WorkContext {
  readonly contexts: readonly MessageContext[];
  readonly attempt: number;
  readonly lastAttempt: boolean;
}

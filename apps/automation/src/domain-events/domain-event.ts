import type { ContactInput, MessageContext } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';

/** Something that may start or go on with a workflow, and that a webhook may tell of: a caller's event or our own. */
export interface DomainEvent {
  /** Its own, and the same each time it is told. */
  id: string;
  accountId: string;
  /** `coupon.redeemed`, or the caller's type. */
  event: string;
  /** What is the same for the `repeat` of a workflow: the caller's key, or the coupon's or the member's id. */
  key: string;
  /** Null where the event names no one; of a coupon they can be asked for by `params.couponId`. */
  contact: ContactInput | null;
  contactId?: string | null;
  params: Record<string, unknown>;
  at: string;
  /** Of the request that caused it. */
  context?: MessageContext;
}

/** Anyone who acts on happenings: within the transaction that handles their event, each exactly once. */
export interface DomainEventListener {
  happened(tx: Transaction, happenings: readonly DomainEvent[]): Promise<void>;
}
export const DomainEventListeners = Symbol('DomainEventListeners');

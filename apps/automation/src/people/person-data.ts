import type { PersonRef } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';

/** Somebody as automation knows her. */
export interface Person {
  accountId: string;
  /** The name she is asked for by, in its one spelling. */
  ref: PersonRef;
  /** Of the contact that has the name; none is there when she was forgotten before, or never kept. */
  contactIds: readonly string[];
}

/** Whoever keeps anything of a person besides her contact and her events: tells what it is, and forgets it. */
export interface PersonDataOwner {
  /** By what it is; the newest 10,000 of each. */
  held(person: Person): Promise<Record<string, Record<string, unknown>[]>>;
  /** Within the transaction that handles the erasure; may come again. */
  erase(tx: Transaction, person: Person): Promise<void>;
}
export const PersonDataOwners = Symbol('PersonDataOwners');

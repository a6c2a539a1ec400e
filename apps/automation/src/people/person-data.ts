import type { PersonRef } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';

/** Someone as automation knows them. */
export interface Person {
  accountId: string;
  /** The name they are asked for by, in its one spelling. */
  ref: PersonRef;
  /** Of the contact that has the name; none is there when they were forgotten before, or never kept. */
  contactIds: readonly string[];
}

/** Anyone who keeps anything of a person besides their contact and their events: says what it is, and forgets it. */
export interface PersonDataOwner {
  /** By what it is; the newest 10,000 of each. */
  held(person: Person): Promise<Record<string, Record<string, unknown>[]>>;
  /** Within the transaction that handles the erasure; may come again. */
  erase(tx: Transaction, person: Person): Promise<void>;
}
export const PersonDataOwners = Symbol('PersonDataOwners');

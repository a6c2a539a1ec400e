import type { Scope } from './scopes';

/** Whose key a request came with. */
export interface Caller {
  accountId: string;
  /** The key's id: idempotency keys and rate limits are counted by it. */
  keyId: string;
  clientId: string;
  scopes: readonly Scope[];
  /** The account that installed the system; it alone may make accounts. */
  operator: boolean;
}

import type { Scope } from './scopes';

/** Whose key a request came with. */
export interface Caller {
  accountId: string;
  /** The key's id: idempotency keys and rate limits are counted by it. */
  keyId: string;
  clientId: string;
  scopes: readonly Scope[];
  /** Of a `public` key: the pages it may be used from. */
  origins: readonly string[];
  /** The account that installed the system; it alone may make accounts. */
  operator: boolean;
}

import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import type { Caller } from './caller';
import type { Credentials } from './credentials';
import type { Scope } from './scopes';
import { isSame, isSecret } from './secret';

interface Known {
  secretHash: Buffer;
  /** The secret that was found to have this hash: comparing takes a tenth of hashing. Goes when the row is read anew. */
  secret?: string;
  caller: Caller;
  /** performance.now() at which the database was last asked. */
  checkedAt: number;
}

interface Row {
  id: string;
  account_id: string;
  client_id: string;
  secret_hash: Buffer;
  scopes: Scope[];
  origins: string[];
  operator: boolean;
}

/** How long a key revoked elsewhere may still be honoured here. */
const freshMs = 5_000;

/** Tells whose credentials these are, asking the database at most once in five seconds a key. */
@Injectable()
export class KeyVerifier {
  // Only keys that exist are kept, so that inventing client ids pushes nothing else out.
  private readonly known = new LRUCache<string, Known>({ max: 10_000 });
  private readonly asking = new Map<string, Promise<Known | null>>();

  constructor(private readonly dataSource: DataSource) {}

  /** At once when the key was seen a moment ago (the usual case, so no promise is made for it). */
  verify({ clientId, clientSecret }: Credentials): Caller | null | Promise<Caller | null> {
    const known = this.known.get(clientId);
    if (known && performance.now() - known.checkedAt < freshMs) return callerOf(known, clientSecret);
    return this.ask(clientId).then((found) => found && callerOf(found, clientSecret));
  }

  /** Whose `public` key this is: named by its id alone, for a page has nowhere to keep a secret. */
  async verifyOpen(clientId: string): Promise<Caller | null> {
    const known = this.known.get(clientId);
    const fresh = known && performance.now() - known.checkedAt < freshMs ? known : await this.ask(clientId);
    return fresh?.caller.scopes.includes('public') ? fresh.caller : null;
  }

  /** Whether this client id was good before: a flood of wrong ones from its address must not lock it out. */
  has(clientId: string): boolean {
    return this.known.has(clientId);
  }

  forget(clientId: string): void {
    this.known.delete(clientId);
  }

  private ask(clientId: string): Promise<Known | null> {
    let asking = this.asking.get(clientId);
    if (!asking) {
      asking = this.load(clientId).finally(() => this.asking.delete(clientId));
      this.asking.set(clientId, asking);
    }
    return asking;
  }

  private async load(clientId: string): Promise<Known | null> {
    const checkedAt = performance.now();
    const [row] = await this.dataSource.query<Row[]>(
      `select k.id, k.account_id, k.client_id, k.secret_hash, k.scopes, k.origins, a.operator
         from api_key k join account a on a.id = k.account_id
        where k.client_id = $1 and k.revoked_at is null`,
      [clientId],
    );
    if (!row) {
      this.known.delete(clientId);
      return null;
    }
    const caller: Caller = {
      accountId: row.account_id,
      keyId: row.id,
      clientId: row.client_id,
      scopes: row.scopes,
      origins: row.origins,
      operator: row.operator,
    };
    const known: Known = { secretHash: row.secret_hash, caller, checkedAt };
    this.known.set(clientId, known);
    return known;
  }
}

function callerOf(known: Known, secret: string): Caller | null {
  if (known.secret !== undefined && isSame(known.secret, secret)) return known.caller;
  if (!isSecret(secret, known.secretHash)) return null;
  known.secret = secret;
  return known.caller;
}

import { Injectable } from '@nestjs/common';
import type { DomainError } from '@tearoff/contracts';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { addressOf } from '../rate-limits/address';
import { GuessLimits } from '../rate-limits/guess-limits';
import { tooManyRequests } from '../rate-limits/rate-limits';
import type { Caller } from './caller';
import type { Credentials } from './credentials';
import type { Scope } from './scopes';
import { isSame, isSecret } from './secret';

interface Known {
  secretHash: Buffer;
  /** The secret that was found to have this hash: comparing takes a tenth of hashing. Goes when the row has another hash. */
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

/**
 * How many secrets may be tried: enough for a client that was set up wrong, useless for guessing. An address that has
 * used a client id before is bounded by its own wrong secrets for it alone.
 */
const tries = {
  pair: { rate: 1 / 6, burst: 20 },
  subject: { rate: 1 / 2, burst: 200 },
  address: { rate: 1 / 3, burst: 40 },
};

/** The caller, null for wrong credentials, or the refusal where too many were tried. */
export type Verdict = Caller | null | DomainError;

/**
 * Tells whose credentials these are, asking the database at most once in five seconds a key. Tries are counted before
 * anything is looked up or hashed, alike for client ids that exist and those that do not (ADR 26).
 */
@Injectable()
export class KeyVerifier {
  // Only keys that exist are kept, so that inventing client ids pushes nothing else out.
  private readonly known = new LRUCache<string, Known>({ max: 10_000 });
  private readonly asking = new Map<string, Promise<Known | null>>();
  /** The same secret that many requests bring at once is one try. */
  private readonly verifying = new Map<string, Promise<Verdict>>();
  private readonly guesses = new GuessLimits(tries);

  constructor(private readonly dataSource: DataSource) {}

  /** At once when the key was used from there a moment ago (the usual case, so no promise is made for it). */
  verify(credentials: Credentials, ip: string): Verdict | Promise<Verdict> {
    const { clientId, clientSecret } = credentials;
    const address = addressOf(ip);
    const known = this.fresh(clientId);
    const isGood = this.guesses.isGood(clientId, address);
    if (isGood && known && isKept(known, clientSecret)) return known.caller;
    if (!isGood || known || !this.known.has(clientId)) return this.tryOnce(credentials, address, known);
    // What is kept of the key is old: reading it anew tries no secret yet.
    return this.ask(clientId).then((found) =>
      found && isKept(found, clientSecret) ? found.caller : this.tryOnce(credentials, address, found),
    );
  }

  /** Whose `public` key this is: named by its id alone, for a page has nowhere to keep a secret. */
  async verifyOpen(clientId: string, ip: string): Promise<Verdict> {
    const address = addressOf(ip);
    const isKnown = isOpen(this.known.get(clientId));
    if (!isKnown) {
      const seconds = this.guesses.waitAt(address);
      if (seconds > 0) return tooManyRequests(seconds);
      this.guesses.countAt(address);
    }
    const found = this.fresh(clientId) ?? (await this.ask(clientId));
    if (!found || !isOpen(found)) return null;
    if (!isKnown) this.guesses.giveBackAt(address);
    return found.caller;
  }

  /** What cannot be read as credentials counts as a try. */
  unreadable(ip: string): DomainError | null {
    const address = addressOf(ip);
    const seconds = this.guesses.waitAt(address);
    if (seconds > 0) return tooManyRequests(seconds);
    this.guesses.countAt(address);
    return null;
  }

  private fresh(clientId: string): Known | undefined {
    const known = this.known.get(clientId);
    return known && performance.now() - known.checkedAt < freshMs ? known : undefined;
  }

  /** `known`: what was read of the key just now; null = there is none; undefined = to be read. */
  private tryOnce(
    { clientId, clientSecret }: Credentials,
    address: string,
    known: Known | null | undefined,
  ): Verdict | Promise<Verdict> {
    const name = `${clientId} ${address} ${clientSecret}`;
    const underWay = this.verifying.get(name);
    if (underWay) return underWay;
    const seconds = this.guesses.wait(clientId, address);
    if (seconds > 0) return tooManyRequests(seconds);
    this.guesses.count(clientId, address);
    const judge = (found: Known | null): Verdict => {
      if (!found || !isSecretOf(found, clientSecret)) return null;
      this.guesses.wasRight(clientId, address);
      return found.caller;
    };
    if (known !== undefined) return judge(known);
    const verifying = this.ask(clientId)
      .then(judge, (error: unknown) => {
        // Nothing was tried.
        this.guesses.giveBack(clientId, address);
        throw error;
      })
      .finally(() => this.verifying.delete(name));
    this.verifying.set(name, verifying);
    return verifying;
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
    const before = this.known.get(clientId);
    const secret = before?.secretHash.equals(row.secret_hash) ? before.secret : undefined;
    const known: Known = { secretHash: row.secret_hash, secret, caller, checkedAt };
    this.known.set(clientId, known);
    return known;
  }
}

const isOpen = (known: Known | undefined): boolean => known?.caller.scopes.includes('public') ?? false;

/** Whether it is the secret that was found right before: no hash is made for it. */
const isKept = (known: Known, secret: string): boolean =>
  known.secret !== undefined && isSame(known.secret, secret);

function isSecretOf(known: Known, secret: string): boolean {
  if (isKept(known, secret)) return true;
  if (!isSecret(secret, known.secretHash)) return false;
  known.secret = secret;
  return true;
}

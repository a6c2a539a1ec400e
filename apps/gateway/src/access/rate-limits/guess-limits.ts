import { LRUCache } from 'lru-cache';
import { TokenBuckets, type BucketRates } from './token-buckets';

export interface GuessRates {
  /** Of one address about one subject. */
  pair: BucketRates;
  /** About one subject, from all addresses together that never got it right. */
  subject: BucketRates;
  /** Of one address, about whatever. */
  address?: BucketRates;
}

/**
 * Bounds wrong guesses about a subject (a client id, a till). An address that got it right once is bounded by its own
 * wrong guesses alone, so that a stranger elsewhere, or many of them, cannot lock it out. Per process (ADR 26).
 */
export class GuessLimits {
  private readonly pairs: TokenBuckets;
  private readonly subjects: TokenBuckets;
  private readonly addresses: TokenBuckets | null;
  private readonly good = new LRUCache<string, true>({ max: 50_000 });

  constructor({ pair, subject, address }: GuessRates, now?: () => number) {
    this.pairs = new TokenBuckets(pair, now);
    this.subjects = new TokenBuckets(subject, now);
    this.addresses = address ? new TokenBuckets(address, now) : null;
  }

  /** Whether this address got it right before. */
  isGood(subject: string, address: string): boolean {
    return this.good.get(pairOf(subject, address)) ?? false;
  }

  /** The seconds until another guess may be made; 0 = now. */
  wait(subject: string, address: string): number {
    const own = this.pairs.wait(pairOf(subject, address));
    if (this.isGood(subject, address)) return own;
    return Math.max(own, this.subjects.wait(subject), this.addresses?.wait(address) ?? 0);
  }

  /** As `wait`, of what this address alone has used up. */
  waitOfPair(subject: string, address: string): number {
    return this.pairs.wait(pairOf(subject, address));
  }

  /** Counts a guess, right or wrong. */
  count(subject: string, address: string): void {
    this.pairs.spend(pairOf(subject, address));
    if (this.isGood(subject, address)) return;
    this.subjects.spend(subject);
    this.addresses?.spend(address);
  }

  /** A guess that was counted was right: it is given back. */
  wasRight(subject: string, address: string): void {
    this.giveBack(subject, address);
    this.good.set(pairOf(subject, address), true);
  }

  /** Takes one guess off the count. */
  giveBack(subject: string, address: string): void {
    this.pairs.give(pairOf(subject, address));
    if (this.isGood(subject, address)) return;
    this.subjects.give(subject);
    this.addresses?.give(address);
  }

  /** As `wait` and `count`, of what names no subject: by address alone. */
  waitAt(address: string): number {
    return this.addresses?.wait(address) ?? 0;
  }
  countAt(address: string): void {
    this.addresses?.spend(address);
  }
  giveBackAt(address: string): void {
    this.addresses?.give(address);
  }
}

const pairOf = (subject: string, address: string): string => `${subject} ${address}`;

import { Injectable } from '@nestjs/common';
import { DomainError } from '@tearoff/contracts';
import { addressOf } from '../../access/rate-limits/address';
import { TokenBuckets } from '../../access/rate-limits/token-buckets';

/**
 * For addresses that anyone may call, besides the bound on all calls: a pass is signed anew each time, a wrong token
 * is a guess. Phones that were told of a change come in thousands from one mobile network, so they are not bounded.
 */
@Injectable()
export class WalletLimits {
  private readonly made = new TokenBuckets({ rate: 5, burst: 50 });
  private readonly guesses = new TokenBuckets({ rate: 1 / 6, burst: 20, debt: 20 });
  private readonly logs = new TokenBuckets({ rate: 1, burst: 20 });

  /** Throws when that address has had too many passes made. */
  make(ip: string): void {
    refuse(this.made.take(addressOf(ip)));
  }

  /** Throws when that address has shown too many wrong tokens. */
  mayShowToken(ip: string): void {
    refuse(this.guesses.wait(addressOf(ip)));
  }

  wrongToken(ip: string): void {
    // Also what was let in together, before any of it was known to be wrong.
    this.guesses.spend(addressOf(ip));
  }

  mayLog(ip: string): boolean {
    return this.logs.take(addressOf(ip)) === 0;
  }
}

function refuse(seconds: number): void {
  if (seconds === 0) return;
  throw new DomainError('rate.limited', 'unavailable', 'Too many requests. Slow down.', {
    retryAfterSeconds: seconds,
  });
}

import { LRUCache } from 'lru-cache';

interface Bucket {
  tokens: number;
  at: number;
}

/** `rate` tokens a second, at most `burst` saved up; `spend` may go `debt` below zero. */
export interface BucketRates {
  rate: number;
  burst: number;
  debt?: number;
}

/**
 * Token buckets, one a name. In this process's memory: with n gateways a caller who is spread over them has n
 * times the rate.
 */
export class TokenBuckets {
  // A bucket that was pushed out begins full again; by then it would have been full anyway.
  private readonly buckets = new LRUCache<string, Bucket>({ max: 50_000 });

  constructor(
    private readonly rates: BucketRates,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes a token: 0, or the seconds after which there is one again. */
  take(name: string): number {
    const bucket = this.filled(name);
    if (bucket.tokens < 1) return (1 - bucket.tokens) / this.rates.rate;
    bucket.tokens--;
    return 0;
  }

  /** The seconds until there is a token, without taking it. */
  wait(name: string): number {
    if (!this.buckets.has(name)) return 0;
    const { tokens } = this.filled(name);
    return tokens < 1 ? (1 - tokens) / this.rates.rate : 0;
  }

  /** Takes a token even where there is none. */
  spend(name: string): void {
    const bucket = this.filled(name);
    bucket.tokens = Math.max(-(this.rates.debt ?? 0), bucket.tokens - 1);
  }

  /** Puts a token back. */
  give(name: string): void {
    const bucket = this.filled(name);
    bucket.tokens = Math.min(this.rates.burst, bucket.tokens + 1);
  }

  private filled(name: string): Bucket {
    const { rate, burst } = this.rates;
    const at = this.now();
    let bucket = this.buckets.get(name);
    if (!bucket) this.buckets.set(name, (bucket = { tokens: burst, at }));
    bucket.tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) * rate) / 1_000);
    bucket.at = at;
    return bucket;
  }
}

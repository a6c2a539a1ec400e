import { LRUCache } from 'lru-cache';

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Token buckets, one a name: `rate` tokens a second, at most `burst` saved up. In this process's memory: with
 * n gateways a caller who is spread over them has n times the rate.
 */
export class TokenBuckets {
  // A bucket that was pushed out begins full again; by then it would have been full anyway.
  private readonly buckets = new LRUCache<string, Bucket>({ max: 50_000 });

  constructor(
    private readonly rate: number,
    private readonly burst: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes a token: 0, or the seconds after which there is one again. */
  take(name: string): number {
    const bucket = this.filled(name);
    if (bucket.tokens < 1) return (1 - bucket.tokens) / this.rate;
    bucket.tokens--;
    return 0;
  }

  /** The seconds until there is a token, without taking it. */
  wait(name: string): number {
    const { tokens } = this.filled(name);
    return tokens < 1 ? (1 - tokens) / this.rate : 0;
  }

  private filled(name: string): Bucket {
    const at = this.now();
    let bucket = this.buckets.get(name);
    if (!bucket) this.buckets.set(name, (bucket = { tokens: this.burst, at }));
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((at - bucket.at) * this.rate) / 1_000);
    bucket.at = at;
    return bucket;
  }
}

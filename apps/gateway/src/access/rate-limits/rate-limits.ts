import { DomainError } from '@tearoff/contracts';
import type { FastifyInstance } from 'fastify';
import { addressOf } from './address';
import { TokenBuckets } from './token-buckets';

/** Per key and per address. All methods answer the refusal, or undefined. Guessing is bounded by `GuessLimits`. */
export class RateLimits {
  private readonly keys: TokenBuckets;
  private readonly addresses: TokenBuckets;

  /** `perKey`: requests a second; twice that may come at once. An address may have twice what a key may. */
  constructor(perKey: number) {
    this.keys = new TokenBuckets({ rate: perKey, burst: 2 * perKey });
    this.addresses = new TokenBuckets({ rate: 2 * perKey, burst: 4 * perKey });
  }

  ofAddress(ip: string): DomainError | undefined {
    return refusal(this.addresses.take(addressOf(ip)));
  }

  ofKey(keyId: string): DomainError | undefined {
    return refusal(this.keys.take(keyId));
  }
}

/** Before anything else is done for a request; probes are let through. */
export function registerAddressLimit(server: FastifyInstance, limits: RateLimits): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.raw.url?.startsWith('/health/')) return done();
    done(limits.ofAddress(request.ip));
  });
}

const refusal = (seconds: number): DomainError | undefined =>
  seconds === 0 ? undefined : tooManyRequests(seconds);

export const tooManyRequests = (seconds: number): DomainError =>
  new DomainError('rate.limited', 'unavailable', 'Too many requests. Slow down.', {
    retryAfterSeconds: seconds,
  });

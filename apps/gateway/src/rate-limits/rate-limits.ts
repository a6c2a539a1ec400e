import { DomainError } from '@tearoff/contracts';
import type { FastifyInstance } from 'fastify';
import { addressOf } from './address';
import { TokenBuckets } from './token-buckets';

/** Per key, per address, and a hard one on wrong credentials. All methods answer the refusal, or undefined. */
export class RateLimits {
  private readonly keys: TokenBuckets;
  private readonly addresses: TokenBuckets;
  // Ten a minute, twenty at once: enough for a till that was set up wrong, useless for guessing.
  private readonly failures = new TokenBuckets(1 / 6, 20);

  /** `perKey`: requests a second; twice that may come at once. An address may have twice what a key may. */
  constructor(perKey: number) {
    this.keys = new TokenBuckets(perKey, 2 * perKey);
    this.addresses = new TokenBuckets(2 * perKey, 4 * perKey);
  }

  ofAddress(ip: string): DomainError | undefined {
    return refusal(this.addresses.take(addressOf(ip)));
  }

  ofKey(keyId: string): DomainError | undefined {
    return refusal(this.keys.take(keyId));
  }

  /** Counts wrong credentials. */
  failed(ip: string): DomainError | undefined {
    return refusal(this.failures.take(addressOf(ip)));
  }

  /** Whether an address with so many wrong credentials may have others looked up. */
  mayTry(ip: string): DomainError | undefined {
    return refusal(this.failures.wait(addressOf(ip)));
  }
}

/** Before anything else is done for a request; probes are let through. */
export function registerAddressLimit(server: FastifyInstance, limits: RateLimits): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.raw.url?.startsWith('/health/')) return done();
    done(limits.ofAddress(request.ip));
  });
}

function refusal(seconds: number): DomainError | undefined {
  if (seconds === 0) return undefined;
  return new DomainError('rate.limited', 'unavailable', 'Too many requests. Slow down.', {
    retryAfterSeconds: seconds,
  });
}

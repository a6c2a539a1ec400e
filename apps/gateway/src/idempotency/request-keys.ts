import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/**
 * Keys for what a request makes, by its place in the request; undefined without an Idempotency-Key. The same request
 * has the same ones again: an answer that was never kept, because its gateway died or gave up, must not make a thing
 * twice.
 */
export function requestKeys({ idempotency }: FastifyRequest): (place: number) => string | undefined {
  if (!idempotency) return () => undefined;
  const { lease, fingerprint } = idempotency;
  // Some other request under the same key, a day later, is another thing: hence the fingerprint.
  return (place) => keyOf('request', lease.apiKeyId, lease.key, fingerprint.toString('hex'), place);
}

/** One key of many parts. */
export const keyOf = (...parts: readonly (string | number)[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url');

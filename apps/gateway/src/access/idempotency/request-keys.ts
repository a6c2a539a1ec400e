import { hash } from 'node:crypto';
import { idOfBytes, newId, type IdKind } from '@tearoff/contracts';
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

/**
 * An id for the one thing that a request makes: the same one again while the same request is repeated under its
 * Idempotency-Key, another without one. Its time is that of the first request: ids are swept by it.
 */
export function requestId(kind: IdKind, { idempotency }: FastifyRequest): string {
  if (!idempotency) return newId(kind);
  const { lease, fingerprint } = idempotency;
  const bytes = hash(
    'sha256',
    JSON.stringify([kind, lease.apiKeyId, lease.key, fingerprint.toString('hex')]),
    'buffer',
  ).subarray(0, 16);
  bytes.writeUIntBE(lease.firstAt, 0, 6);
  return idOfBytes(kind, bytes);
}

/** One key of many parts. */
export const keyOf = (...parts: readonly (string | number)[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url');

import { derivedId, newId, type IdKind } from '@tearoff/contracts';
import type { FastifyRequest } from 'fastify';

/**
 * Ids for what a request makes, by its place in the request. With an Idempotency-Key the same request has the same
 * ones again: an answer that was lost, or never kept because its gateway died, must not make a thing twice.
 */
export function requestIds(kind: IdKind, { idempotency }: FastifyRequest): (place: number) => string {
  if (!idempotency) return () => newId(kind);
  const { lease, fingerprint } = idempotency;
  // Some other request under the same key, a day later, is another thing: hence the fingerprint.
  return (place) => derivedId(kind, lease.apiKeyId, lease.key, fingerprint.toString('hex'), place);
}

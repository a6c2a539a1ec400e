import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/**
 * What makes a movement of points count once: the caller's own reference or, without one, the Idempotency-Key, whose
 * answer is not kept when it is a 5xx: the points may have moved all the same.
 */
export function referenceOf(request: FastifyRequest, own: string | undefined): string | undefined {
  const { 'idempotency-key': key } = request.headers;
  if (own !== undefined || typeof key !== 'string') return own;
  return `idempotency-key ${createHash('sha256').update(`${request.caller.keyId} ${key}`).digest('base64url')}`;
}

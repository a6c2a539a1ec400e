import type { FastifyRequest } from 'fastify';

/** 415 for a body that is compressed, or otherwise not what its content type says; null when it may be read. */
export function encodingFault({ headers }: FastifyRequest): Error | null {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  return !encoding || encoding === 'identity' ? null : unsupported();
}

export const unsupported = (): Error => Object.assign(new Error(), { statusCode: 415 });

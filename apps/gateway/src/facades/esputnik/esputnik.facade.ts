import { DomainError } from '@tearoff/contracts';
import type { FastifyRequest } from 'fastify';
import { credentialsOfKey } from '../../access/api-keys/credentials';
import type { Facade } from '../facade';

/** The key is a password, or a Bearer token; errors are a sentence in plain text, but for the 401. */
export const esputnik: Facade = {
  prefix: '/esputnik/',
  beforeBody: true,

  credentialsOf({ headers: { authorization } }: FastifyRequest) {
    if (authorization === undefined) return null;
    const [, scheme = '', token = ''] = /^(basic|bearer) +(\S+)$/i.exec(authorization.trim()) ?? [];
    if (scheme === '') return 'malformed';
    return credentialsOfKey(scheme.toLowerCase() === 'bearer' ? token : passwordOf(token));
  },

  answerTo(error, { status, body: { detail, errors = [] } }) {
    if (status === 401) return { status, body: { status, error: 'Unauthorized', message: detail } };
    const faults = errors.map(({ path, message }) => `${path} ${message}`.trim());
    // By this sentence, and nothing after it, the vendor's clients know that params are missing.
    const isWhole = error instanceof DomainError && error.code === 'event.missing_params';
    const words = isWhole ? [detail] : [detail, faults.join('; ')].filter(Boolean);
    return { status: status === 422 ? 400 : status, body: words.join(' ') };
  },
};

/** Whatever the user is called. */
function passwordOf(token: string): string {
  const pair = Buffer.from(token, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

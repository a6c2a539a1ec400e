import type { IncomingHttpHeaders } from 'node:http';

export interface Credentials {
  clientId: string;
  clientSecret: string;
}

/**
 * The credentials a request came with: `X-Client-Id` and `X-Client-Secret`, HTTP Basic, or
 * `Bearer <clientId>.<clientSecret>`. Null when there are none, 'malformed' when they cannot be read.
 */
export function credentialsOf(headers: IncomingHttpHeaders): Credentials | 'malformed' | null {
  const clientId = headers['x-client-id'];
  const clientSecret = headers['x-client-secret'];
  if (clientId !== undefined || clientSecret !== undefined) return pairOf(clientId, clientSecret);
  const { authorization } = headers;
  if (authorization === undefined) return null;
  const [, scheme = '', token = ''] = /^([a-z]+) +(\S+)$/i.exec(authorization.trim()) ?? [];
  if (scheme.toLowerCase() === 'basic') return split(Buffer.from(token, 'base64').toString('utf8'), ':');
  if (scheme.toLowerCase() === 'bearer') return credentialsOfKey(token);
  return 'malformed';
}

/** The client id of a request that names nothing else, as a web page does with its `public` key. */
export function openClientIdOf({
  'x-client-id': clientId,
  'x-client-secret': clientSecret,
  authorization,
}: IncomingHttpHeaders): string | null {
  if (clientSecret !== undefined || authorization !== undefined || typeof clientId !== 'string') return null;
  return clientIdExpression.test(clientId) ? clientId : null;
}

/** Of a key in its one-string form, `<clientId>.<clientSecret>`. */
export const credentialsOfKey = (key: string): Credentials | 'malformed' => split(key, '.');

/** At the first separator: a client id holds neither (see `clientIdPattern`), a secret may. */
function split(text: string, separator: string): Credentials | 'malformed' {
  const at = text.indexOf(separator);
  return at < 0 ? 'malformed' : pairOf(text.slice(0, at), text.slice(at + 1));
}

/** The two halves, or `malformed` when they cannot be a pair of ours. */
export function pairOf(clientId: unknown, clientSecret: unknown): Credentials | 'malformed' {
  if (typeof clientId !== 'string' || typeof clientSecret !== 'string') return 'malformed';
  if (!clientIdExpression.test(clientId) || clientSecret === '' || clientSecret.length > 500)
    return 'malformed';
  return { clientId, clientSecret };
}

export const clientIdPattern = '^[\\x21-\\x2d\\x2f-\\x39\\x3b-\\x7e]{1,100}$';
const clientIdExpression = new RegExp(clientIdPattern);

import { createHash, createHmac } from 'node:crypto';
import type { RecordCallback, RequestOf } from '@tearoff/contracts';

type Callback = RequestOf<typeof RecordCallback>;

export const vonageKey = 'abcd1234';
export const vonageSecret = 'a-signature-secret';
/** Of a service that knows the key above, and another. */
export const signatureEnv = {
  VONAGE_SIGNATURE_SECRETS: `other999:another-secret,${vonageKey}:${vonageSecret}`,
  VONAGE_SIGNATURE_METHOD: 'sha256',
};

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
export const seconds = (): number => Math.floor(Date.now() / 1_000);
export const sha256 = (body: string): string => createHash('sha256').update(body).digest('hex');

/** A token as the vendor makes it for this body; `claims`, `head` and `secret` to make it otherwise. */
export function tokenFor(
  body: string,
  claims: object = {},
  { head = { alg: 'HS256', typ: 'JWT' }, secret = vonageSecret }: { head?: object; secret?: string } = {},
): string {
  const content = `${part(head)}.${part({
    iss: 'Vonage',
    api_key: vonageKey,
    iat: seconds(),
    jti: 'c5ba8f24',
    payload_hash: sha256(body),
    ...claims,
  })}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

export const callback = (kind: Callback['kind'], changes: Partial<Callback> = {}): Callback => ({
  provider: 'vonage',
  kind,
  authorization: null,
  contentType: 'application/json',
  query: {},
  body: '',
  ...changes,
});

/** A signed callback of the Messages API. */
export function signedJson(kind: Callback['kind'], fields: object): Callback {
  const body = JSON.stringify(fields);
  return callback(kind, { body, authorization: `Bearer ${tokenFor(body)}` });
}

/** The SMS API's parameters with their `sig` (HMAC-SHA-256). */
export function withSig(fields: Record<string, string>, secret = vonageSecret): Record<string, string> {
  const all: Record<string, string> = { timestamp: String(seconds()), nonce: 'c5ba8f24', ...fields };
  const text = Object.keys(all)
    .sort()
    .map((name) => `&${name}=${all[name].replace(/[&=]/g, '_')}`)
    .join('');
  return { ...all, sig: createHmac('sha256', secret).update(text).digest('hex') };
}

export const signedQuery = (kind: Callback['kind'], fields: Record<string, string>): Callback =>
  callback(kind, { contentType: '', query: withSig(fields) });

/** A message of theirs; `from` in digits, as the vendor writes it. */
export const inbound = (from: string, text: string, id: string = crypto.randomUUID(), at = new Date()) =>
  signedJson('inbound', {
    from: from.replace('+', ''),
    to: '447700900000',
    text,
    message_uuid: id,
    channel: 'sms',
    message_type: 'text',
    timestamp: at.toISOString(),
  });

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RecordCallback, RequestOf } from '@tearoff/contracts';
import { fieldsOf, jsonObjectOf, type Fields } from './callback-fields';

type Callback = RequestOf<typeof RecordCallback>;
export type Verdict = { signed: true; fields: Fields } | { signed: false; reason: string };

export const signatureMethods = ['md5hash', 'md5', 'sha1', 'sha256', 'sha512'] as const;
export type SignatureMethod = (typeof signatureMethods)[number];

/** How old, or by another clock how new, a signature may be; seconds. */
const freshForSeconds = 300;

const refused = (reason: string): Verdict => ({ signed: false, reason });

/** Tells the vendor's own callbacks from anyone else's, in both of its dialects. */
export class VonageSignatures {
  constructor(
    /** By API key. */
    private readonly secrets: ReadonlyMap<string, string>,
    private readonly method: SignatureMethod,
  ) {}

  /** `key:secret,key2:secret2` */
  static parse(secrets: string | undefined, method: SignatureMethod): VonageSignatures {
    const pairs = (secrets ?? '').split(',').filter((pair) => pair.trim() !== '');
    return new VonageSignatures(
      new Map(
        pairs.map((pair) => {
          const [key, ...secret] = pair.trim().split(':');
          return [key, secret.join(':')];
        }),
      ),
      method,
    );
  }

  /** The callback's fields, none of which came by a way that the signature does not cover. */
  verify(callback: Callback, now = Date.now()): Verdict {
    if (this.secrets.size === 0) return refused('no signature secret is configured');
    const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(callback.authorization ?? '') ?? [];
    return token ? this.verifyToken(token, callback.body, now) : this.verifyParameters(callback, now);
  }

  /** Messages API: a JWT over the body alone, so the query is not read. */
  private verifyToken(token: string, body: string, now: number): Verdict {
    const [head, payload, signature] = token.split('.');
    const claims = jsonObjectOf(Buffer.from(payload, 'base64url').toString());
    if (jsonObjectOf(Buffer.from(head, 'base64url').toString())?.alg !== 'HS256')
      return refused('the token is not signed with HS256');
    const secret = typeof claims?.api_key === 'string' ? this.secrets.get(claims.api_key) : undefined;
    if (!claims || secret === undefined) return refused('the token is of no API key that is known here');
    const expected = createHmac('sha256', secret).update(`${head}.${payload}`).digest();
    if (!areEqual(Buffer.from(signature, 'base64url'), expected)) return refused('the signature is wrong');
    if (!isFresh(claims.iat, now)) return refused('the token is stale');
    if (claims.exp !== undefined && !(Number(claims.exp) * 1_000 > now))
      return refused('the token has expired');
    const hash = createHash('sha256').update(body).digest('hex');
    if (typeof claims.payload_hash !== 'string' || !areEqual(claims.payload_hash.toLowerCase(), hash))
      return refused('the token is of another body');
    const fields = jsonObjectOf(body);
    return fields ? { signed: true, fields } : refused('the body is no JSON object');
  }

  /** SMS API: `sig` over all other parameters, whichever way they came. */
  private verifyParameters(callback: Callback, now: number): Verdict {
    const fields = fieldsOf(callback);
    if (!fields || typeof fields.sig !== 'string') return refused('it is not signed');
    const { sig, ...rest } = fields;
    if (!isFresh(instantIn(rest.timestamp), now)) return refused('the signature is stale');
    const text = Object.keys(rest)
      .sort()
      .map((name) => `&${name}=${String(rest[name]).replace(/[&=]/g, '_')}`)
      .join('');
    const key = rest['api-key'];
    const secrets = typeof key === 'string' ? [this.secrets.get(key)] : [...this.secrets.values()];
    const isOurs = secrets.some(
      (secret) => secret !== undefined && areEqual(sig.toLowerCase(), this.signatureOf(text, secret)),
    );
    return isOurs ? { signed: true, fields: rest } : refused('the signature is wrong');
  }

  private signatureOf(text: string, secret: string): string {
    return this.method === 'md5hash'
      ? createHash('md5').update(text).update(secret).digest('hex')
      : createHmac(this.method, secret).update(text).digest('hex');
  }
}

function areEqual(given: string | Buffer, expected: string | Buffer): boolean {
  const [one, other] = [Buffer.from(given as string), Buffer.from(expected as string)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const isFresh = (seconds: unknown, now: number): boolean =>
  typeof seconds === 'number' && Math.abs(now / 1_000 - seconds) <= freshForSeconds;

/** Unix seconds, or the vendor's `2020-01-31 23:59:59` in UTC. */
function instantIn(value: unknown): number {
  const text = String(value);
  return /^\d{9,11}$/.test(text) ? Number(text) : Date.parse(`${text.replace(' ', 'T')}Z`) / 1_000;
}

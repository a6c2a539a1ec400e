import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { RecordCallback, RequestOf } from '@tearoff/contracts';
import {
  callback,
  seconds,
  sha256,
  signatureEnv,
  signedJson,
  signedQuery,
  tokenFor,
  vonageKey,
  vonageSecret,
  withSig,
} from '../../test/vonage-signed';
import { VonageSignatures, type SignatureMethod } from './vonage.signatures';

type Callback = RequestOf<typeof RecordCallback>;

const ours = VonageSignatures.parse(signatureEnv.VONAGE_SIGNATURE_SECRETS, 'sha256');
const body = JSON.stringify({ message_uuid: 'a', status: 'delivered', to: '447911123456' });
const bearer = (token: string, changes: Partial<Callback> = {}): Callback =>
  callback('status', { body, authorization: `Bearer ${token}`, ...changes });
const fields = { msisdn: '447911123456', messageId: 'a', status: 'delivered', 'err-code': '0' };
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe("a callback's signature", () => {
  it('is the vendor’s own: a token over the body, whose fields alone count', () => {
    expect(ours.verify(bearer(tokenFor(body), { query: { status: 'rejected' } }))).toEqual({
      signed: true,
      fields: JSON.parse(body),
    });
  });

  it('is taken by the key that the token names', () => {
    const token = tokenFor(body, { api_key: 'other999' }, { secret: 'another-secret' });
    expect(ours.verify(bearer(token)).signed).toBe(true);
  });

  const claims = { api_key: vonageKey, iat: seconds(), payload_hash: sha256(body) };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const rs256 = `${part({ alg: 'RS256' })}.${part(claims)}`;
  const [head, payload, signature] = tokenFor(body).split('.');

  it.each<[string, Callback]>([
    ['none at all', callback('status', { body })],
    ['credentials of another kind', callback('status', { body, authorization: 'Basic YTpi' })],
    ['alg none without a signature', bearer(`${part({ alg: 'none' })}.${part(claims)}.`)],
    ['alg none with one', bearer(tokenFor(body, {}, { head: { alg: 'none' } }))],
    ['alg nOnE', bearer(tokenFor(body, {}, { head: { alg: 'nOnE' } }))],
    ['an RS256 head over an HMAC', bearer(tokenFor(body, {}, { head: { alg: 'RS256' } }))],
    [
      'a true RS256 token',
      bearer(`${rs256}.${sign('sha256', Buffer.from(rs256), privateKey).toString('base64url')}`),
    ],
    ['HS512', bearer(tokenFor(body, {}, { head: { alg: 'HS512' } }))],
    ['no alg', bearer(tokenFor(body, {}, { head: {} }))],
    ['another secret', bearer(tokenFor(body, {}, { secret: 'guessed' }))],
    ['an empty secret', bearer(tokenFor(body, {}, { secret: '' }))],
    ['another key’s secret', bearer(tokenFor(body, { api_key: 'other999' }))],
    ['an unknown key', bearer(tokenFor(body, { api_key: 'nobody00' }))],
    ['a key of every object', bearer(tokenFor(body, { api_key: 'constructor' }, { secret: '' }))],
    ['a key that is no text', bearer(tokenFor(body, { api_key: [vonageKey] }))],
    ['no key', bearer(tokenFor(body, { api_key: undefined }))],
    ['a signature cut short', bearer(`${head}.${payload}.${signature.slice(0, 20)}`)],
    ['no signature', bearer(`${head}.${payload}.`)],
    [
      'claims changed after signing',
      bearer(`${head}.${part({ ...claims, iat: seconds() + 1 })}.${signature}`),
    ],
    ['another body', bearer(tokenFor(body), { body: body.replace('delivered', 'rejected') })],
    ['the same body spelled otherwise', bearer(tokenFor(body), { body: `${body} ` })],
    ['no body', bearer(tokenFor(body), { body: '', query: fields })],
    ['the hash of another body', bearer(tokenFor('{}'))],
    ['no hash', bearer(tokenFor(body, { payload_hash: undefined }))],
    ['an empty hash', bearer(tokenFor(body, { payload_hash: '' }))],
    ['a hash that is no text', bearer(tokenFor(body, { payload_hash: { length: 64 } }))],
    ['six minutes of age', bearer(tokenFor(body, { iat: seconds() - 360 }))],
    ['a time to come', bearer(tokenFor(body, { iat: seconds() + 360 }))],
    ['no time', bearer(tokenFor(body, { iat: undefined }))],
    ['a time that is no number', bearer(tokenFor(body, { iat: String(seconds()) }))],
    ['an expiry that has passed', bearer(tokenFor(body, { exp: seconds() - 1 }))],
    ['no JSON in the token', bearer('bm8.bm8.bm8')],
    ['a token over a list', bearer(tokenFor('[]'), { body: '[]' })],
    ['parameters without sig', callback('status', { query: fields })],
    ['an empty sig', callback('status', { query: { ...withSig(fields), sig: '' } })],
    ['a sig of another secret', callback('status', { query: withSig(fields, 'guessed') })],
    ['a parameter changed', callback('status', { query: { ...withSig(fields), status: 'failed' } })],
    ['a parameter added', callback('status', { query: { ...withSig(fields), 'client-ref': 'x' } })],
    ['sig of six minutes ago', signedQuery('status', { ...fields, timestamp: String(seconds() - 360) })],
    ['sig without a time', signedQuery('status', { ...fields, timestamp: '' })],
    ['sig by an unknown key', signedQuery('status', { ...fields, 'api-key': 'nobody00' })],
    [
      'a sig in the query of another body',
      callback('status', { query: withSig(fields), body: 'status=failed' }),
    ],
  ])('is refused: %s', (_, request) => expect(ours.verify(request).signed).toBe(false));

  it('is refused when no secret is configured, whatever it is', () => {
    const none = VonageSignatures.parse(undefined, 'md5hash');
    expect(none.verify(signedJson('status', {})).signed).toBe(false);
    expect(none.verify(callback('status', { query: withSig(fields, '') })).signed).toBe(false);
  });

  it.each<[SignatureMethod, (text: string) => string]>([
    [
      'md5hash',
      (text) =>
        createHash('md5')
          .update(text + vonageSecret)
          .digest('hex'),
    ],
    ['md5', (text) => createHmac('md5', vonageSecret).update(text).digest('hex')],
    ['sha1', (text) => createHmac('sha1', vonageSecret).update(text).digest('hex')],
    ['sha256', (text) => createHmac('sha256', vonageSecret).update(text).digest('hex')],
    ['sha512', (text) => createHmac('sha512', vonageSecret).update(text).digest('hex').toUpperCase()],
  ])('may be parameters signed by %s, from a query, a form or JSON', (method, sigOf) => {
    const signatures = VonageSignatures.parse(`${vonageKey}:${vonageSecret}`, method);
    const at = new Date().toISOString().slice(0, 19).replace('T', ' ');
    const signed = {
      msisdn: '447911123456',
      text: 'a=b&c',
      timestamp: at,
      sig: sigOf(`&msisdn=447911123456&text=a_b_c&timestamp=${at}`),
    };
    const { sig: _, ...plain } = signed;
    for (const request of [
      callback('inbound', { contentType: '', query: signed }),
      callback('inbound', {
        contentType: 'application/x-www-form-urlencoded; charset=utf-8',
        body: new URLSearchParams(signed).toString(),
      }),
      callback('inbound', { body: JSON.stringify(signed) }),
    ])
      expect(signatures.verify(request)).toEqual({ signed: true, fields: plain });
  });
});

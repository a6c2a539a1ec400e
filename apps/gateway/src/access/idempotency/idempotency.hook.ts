import { conflict, DomainError, invalid } from '@tearoff/contracts';
import type { Logger } from '@tearoff/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isStream } from '../../http/csv/csv-body';
import { fingerprintOf, HashedStream } from './fingerprint';
import type { IdempotencyStore, Lease } from './idempotency.store';

declare module 'fastify' {
  interface FastifyRequest {
    idempotency?: { lease: Lease; fingerprint: Buffer; stream: HashedStream | null };
  }
}

/** Longer than any answer takes: `Prefer: wait=30` and a command's deadline together. */
const leaseSeconds = 60;
const uploadLeaseSeconds = 1_800;

/**
 * `Idempotency-Key` on every POST with credentials: the same key with the same payload is given the stored
 * answer. Costs nothing where the header is absent. The body of an upload is hashed while it streams.
 */
export function registerIdempotency(server: FastifyInstance, store: IdempotencyStore, logger: Logger): void {
  server.decorateRequest('idempotency');

  server.addHook('preHandler', (request, reply, done) => {
    const key = request.headers['idempotency-key'];
    if (key === undefined || request.method !== 'POST' || !request.caller) return done();
    begin(request, reply, key, store).then((answered) => (answered ? undefined : done()), done);
  });

  server.addHook('onSend', (request, reply, payload, done) => {
    const held = request.idempotency;
    if (!held) return done(null, payload);
    request.idempotency = undefined;
    end(reply, payload, held, store).then(
      () => done(null, payload),
      (error) => {
        // It has happened and must be answered; the key is free again when its lease runs out.
        logger.error({ err: error }, 'an answer could not be kept under its Idempotency-Key');
        done(null, payload);
      },
    );
  });
}

/** True when the stored answer has been sent. */
async function begin(
  request: FastifyRequest,
  reply: FastifyReply,
  key: string | string[],
  store: IdempotencyStore,
): Promise<boolean> {
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key)) throw badKey();
  const { body, method, url, caller } = request;
  const stream = isStream(body) ? HashedStream.of(body) : null;
  const fingerprint = fingerprintOf(method, url, stream ? 'text/csv' : body);
  const taken = await store.take(caller.keyId, key, fingerprint, stream ? uploadLeaseSeconds : leaseSeconds);
  switch (taken.outcome) {
    case 'taken':
      request.idempotency = { lease: taken.lease, fingerprint, stream };
      if (stream) request.body = stream;
      return false;
    case 'in_progress':
      throw conflict(
        'idempotency.in_progress',
        'The first request with this Idempotency-Key is still under way.',
        {
          retryAfterSeconds: 1,
        },
      );
    case 'other_payload':
      throw reused();
    case 'answered':
      if (stream && !(await digestOf(stream))?.equals(taken.streamHash ?? Buffer.alloc(0))) throw reused();
      reply.header('idempotency-replayed', 'true');
      void reply.code(taken.answer.status).headers(taken.answer.headers).send(taken.answer.body);
      return true;
  }
}

async function end(
  reply: FastifyReply,
  payload: unknown,
  { lease, stream }: { lease: Lease; stream: HashedStream | null },
  store: IdempotencyStore,
): Promise<void> {
  const whole = !stream || stream.digest !== null;
  // An answer that says when to ask again is not the last one.
  const unfinished = reply.statusCode === 429 || (reply.statusCode === 202 && reply.hasHeader('retry-after'));
  if (reply.statusCode >= 500 || unfinished || !whole || typeof payload !== 'string')
    return store.giveUp(lease);
  const headers: Record<string, string> = {};
  for (const name of ['content-type', 'preference-applied']) {
    const value = reply.getHeader(name);
    if (value !== undefined) headers[name] = String(value);
  }
  await store.store(
    lease,
    { status: reply.statusCode, headers, body: withoutSecrets(payload) },
    stream?.digest ?? null,
  );
}

/** A secret is shown once: it is neither kept in our tables nor in a repeated answer. */
function withoutSecrets(payload: string): string {
  if (!/"clientSecret"|"whsec_/.test(payload)) return payload;
  return JSON.stringify(
    JSON.parse(payload, (name, value: unknown) => (isSecret(name, value) ? undefined : value)),
  );
}

const isSecret = (name: string, value: unknown): boolean =>
  name === 'clientSecret' ||
  (name.toLowerCase() === 'secret' && typeof value === 'string' && value.startsWith('whsec_'));

async function digestOf(stream: HashedStream): Promise<Buffer | null> {
  stream.resume();
  await new Promise((resolve, reject) => stream.once('end', resolve).once('error', reject));
  return stream.digest;
}

const badKey = (): DomainError =>
  invalid('request.invalid', 'The Idempotency-Key must be 1 to 255 printable ASCII characters.');
const reused = (): DomainError =>
  invalid('idempotency.key_reused', 'This Idempotency-Key was used for another request.');

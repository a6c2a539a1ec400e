import { DomainError, forbidden } from '@tearoff/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressOf } from '../rate-limits/address';
import type { RateLimits } from '../rate-limits/rate-limits';
import type { Caller } from './caller';
import { credentialsOf, openClientIdOf } from './credentials';
import type { KeyVerifier, Verdict } from './key-verifier';
import type { Scope } from './scopes';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Any of these lets a key in; `admin` always does. Absent = the route needs no credentials. */
    scopes?: readonly Scope[];
    /** Takes `text/csv` as a stream. */
    csv?: boolean;
    /** Takes what a form of our own pages sends. */
    form?: boolean;
  }
}

/**
 * Checks credentials, scope and rate limit before a body is read. A hook and not a guard: a guard costs a
 * hot route a quarter of its throughput. A route under /v1 that names no scopes stops the start.
 */
export function registerCredentials(
  server: FastifyInstance,
  keys: KeyVerifier,
  limits: RateLimits | null,
  publicUrl: string,
): void {
  const ownOrigin = new URL(publicUrl).origin;
  server.addHook('onRoute', ({ url, config }) => {
    if (/^\/v\d/.test(url) && !config?.scopes)
      throw new Error(`${url} does not say which scopes may call it`);
  });
  server.addHook('onRequest', (request, reply, done) => {
    const { scopes } = request.routeOptions.config;
    if (!scopes) return done();
    const open = scopes.includes('public') ? openClientIdOf(request.headers) : null;
    const credentials = open === null ? credentialsOf(request.headers) : null;
    if (open === null && credentials === null) return done(missingCredentials());
    if (credentials === 'malformed') return done(keys.unreadable(request.ip) ?? wrongCredentials());
    const admit = (caller: Verdict): void => {
      if (!caller) return done(wrongCredentials());
      if (caller instanceof DomainError) return done(caller);
      request.caller = caller;
      done(
        // A page's key is everyone's: one who calls too often must not use it up for the others.
        limits?.ofKey(open === null ? caller.keyId : `${caller.keyId} ${addressOf(request.ip)}`) ??
          scopeFault(caller, scopes) ??
          (caller.scopes.includes('public') ? originFault(request, reply, caller, ownOrigin) : undefined),
      );
    };
    const verdict = open === null ? keys.verify(credentials!, request.ip) : keys.verifyOpen(open, request.ip);
    if (verdict instanceof Promise) verdict.then(admit, done);
    else admit(verdict);
  });
}

/** Why a key with these scopes is not let in where any of `needed` is asked for; undefined when it is. */
export function scopeFault(caller: Caller, needed: readonly Scope[]): DomainError | undefined {
  for (const scope of caller.scopes) if (scope === 'admin' || needed.includes(scope)) return undefined;
  return forbidden('auth.scope', `This needs a key with the scope ${needed.join(' or ')}.`, {
    scopes: [...needed],
  });
}

/** A page's key works on its own pages; those may read the answer, whatever it is. */
function originFault(
  { headers: { origin }, method }: FastifyRequest,
  reply: FastifyReply,
  { origins }: Caller,
  ownOrigin: string,
): DomainError | undefined {
  // A page that reads from its own host sends no Origin, and reading gives nothing away.
  if (origin === undefined && method === 'GET') return undefined;
  if (origin === undefined || (origin !== ownOrigin && !origins.includes(origin)))
    return forbidden('auth.origin', 'This key does not work from this origin.');
  reply.header('access-control-allow-origin', origin);
  reply.header('access-control-expose-headers', 'retry-after');
  reply.header('vary', 'origin');
  return undefined;
}

export const missingCredentials = (): DomainError =>
  forbidden(
    'auth.missing',
    'This needs credentials: X-Client-Id and X-Client-Secret, HTTP Basic or a Bearer token.',
  );
export const wrongCredentials = (): DomainError =>
  forbidden('auth.invalid', 'These credentials are not valid.');

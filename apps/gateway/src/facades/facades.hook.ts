import type { DomainError } from '@tearoff/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { missingCredentials, scopeFault, wrongCredentials } from '../api-keys/credentials.hook';
import type { KeyVerifier } from '../api-keys/key-verifier';
import type { Scope } from '../api-keys/scopes';
import type { RateLimits } from '../rate-limits/rate-limits';
import type { Facade } from './facade';
import { facadeOf } from './facades';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a façade's route: any of these lets a key in; `admin` always does. */
    facadeScopes?: readonly Scope[];
    /** Of a façade's route that takes more, or less, than all others. */
    facadeBodyLimit?: number;
  }
}

const maxBodyBytes = 64 * 1024;

/**
 * Credentials, scope and rate limit of the façades. Where their callers may put credentials into the body, after that:
 * so it may not be large. A façade's route that names no scopes stops the start.
 */
export function registerFacades(server: FastifyInstance, keys: KeyVerifier, limits: RateLimits | null): void {
  server.addHook('onRoute', (route) => {
    if (!facadeOf(route.url)) return;
    if (!route.config?.facadeScopes) throw new Error(`${route.url} does not say which scopes may call it`);
    route.bodyLimit = route.config.facadeBodyLimit ?? maxBodyBytes;
  });
  const admitWhere =
    (beforeBody: boolean) =>
    (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
      const { facadeScopes } = request.routeOptions.config;
      const facade = facadeScopes && facadeOf(request.routeOptions.url);
      if (!facade || (facade.beforeBody ?? false) !== beforeBody) return done();
      admit(request, facade, facadeScopes, keys, limits).then(done, done);
    };
  server.addHook('onRequest', admitWhere(true));
  server.addHook('preHandler', admitWhere(false));
}

/** Sets the caller, or answers why not. */
async function admit(
  request: FastifyRequest,
  facade: Facade,
  scopes: readonly Scope[],
  keys: KeyVerifier,
  limits: RateLimits | null,
): Promise<DomainError | undefined> {
  const credentials = facade.credentialsOf(request);
  if (credentials === null) return missingCredentials();
  if (credentials === 'malformed') return limits?.failed(request.ip) ?? wrongCredentials();
  const tooMany = keys.has(credentials.clientId) ? undefined : limits?.mayTry(request.ip);
  if (tooMany) return tooMany;
  const caller = await keys.verify(credentials);
  if (!caller) return limits?.failed(request.ip) ?? wrongCredentials();
  request.caller = caller;
  return limits?.ofKey(caller.keyId) ?? scopeFault(caller, scopes);
}

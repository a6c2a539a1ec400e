import { DomainError } from '@tearoff/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { missingCredentials, wrongCredentials } from '../access/api-keys/credentials.hook';
import type { KeyVerifier } from '../access/api-keys/key-verifier';
import type { RateLimits } from '../access/rate-limits/rate-limits';
import type { Facade } from './facade';
import { facadeOf } from './facades';
import { NativeActs, type FacadeAccess } from './native-acts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a façade's route that takes more, or less, than all others. */
    facadeBodyLimit?: number;
  }
}

const maxBodyBytes = 64 * 1024;

/**
 * Credentials, scope and rate limit of the façades. Where their callers may put credentials into the body, after that:
 * so it may not be large.
 */
export function registerFacades(server: FastifyInstance, keys: KeyVerifier, limits: RateLimits | null): void {
  const acts = new NativeActs(server);
  server.addHook('onRoute', (route) => {
    if (!facadeOf(route.url)) return;
    route.bodyLimit = route.config?.facadeBodyLimit ?? maxBodyBytes;
  });
  const admitWhere =
    (beforeBody: boolean) =>
    (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
      const { config } = request.routeOptions;
      const facade = facadeOf(request.routeOptions.url);
      if (!facade || (facade.beforeBody ?? false) !== beforeBody) return done();
      admit(request, facade, config, { acts, keys, limits }).then(done, done);
    };
  server.addHook('onRequest', admitWhere(true));
  server.addHook('preHandler', admitWhere(false));
}

/** Sets the caller, or answers why not. */
async function admit(
  request: FastifyRequest,
  facade: Facade,
  access: FacadeAccess,
  { acts, keys, limits }: { acts: NativeActs; keys: KeyVerifier; limits: RateLimits | null },
): Promise<DomainError | undefined> {
  const credentials = facade.credentialsOf(request);
  if (credentials === null) return missingCredentials();
  if (credentials === 'malformed') return keys.unreadable(request.ip) ?? wrongCredentials();
  const caller = await keys.verify(credentials, request.ip);
  if (!caller) return wrongCredentials();
  if (caller instanceof DomainError) return caller;
  request.caller = caller;
  return limits?.ofKey(caller.keyId) ?? acts.fault(caller, access);
}

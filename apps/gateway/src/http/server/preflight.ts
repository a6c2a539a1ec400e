import type { FastifyInstance } from 'fastify';

/**
 * Answers a browser's question (CORS preflight) before a page of another origin claims. It names no key, so it is
 * told only what the routes take; whether this page may is decided, and said, when it asks with its key.
 */
export function registerPreflight(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { origin, 'access-control-request-method': wished } = request.headers;
    if (request.method !== 'OPTIONS' || origin === undefined || wished === undefined) return done();
    if (!/^\/v1\/claims(\/form)?\/?(\?|$)/.test(request.raw.url ?? '')) return done();
    void reply
      .code(204)
      .headers({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'content-type, x-client-id, idempotency-key, x-request-id',
        'access-control-max-age': '7200',
        vary: 'origin',
      })
      .send();
  });
}

import type { FastifyInstance } from 'fastify';
import { facadeOf } from '../../facades/facades';

const always = {
  // For answers that are data; pages bring a policy of their own.
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const isApi = (url: string | undefined): boolean => url?.startsWith('/v1/') || facadeOf(url) !== undefined;

/**
 * The headers of the OWASP REST cheat sheet, written down: @fastify/helmet, which works them out anew for every
 * request, took an eighth of a hot route's time.
 */
export function registerSecurityHeaders(server: FastifyInstance, publicUrl: string): void {
  // Over plain HTTP a browser ignores it; said for localhost it would lock a developer out.
  const secure = publicUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' };
  const headers = { ...always, ...secure };
  const headersOfApi = { ...headers, 'cache-control': 'no-store' };
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(isApi(request.raw.url) ? headersOfApi : headers);
    done();
  });
}

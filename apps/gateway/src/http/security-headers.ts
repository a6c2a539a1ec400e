import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** For answers that are data. Pages bring a policy of their own. */
const nothing = {
  defaultSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
};

export async function registerSecurityHeaders(server: FastifyInstance, publicUrl: string): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: nothing },
    // Told to a browser over plain HTTP it is ignored; told for localhost it would lock a developer out.
    strictTransportSecurity: publicUrl.startsWith('https:') ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
  server.addHook('onRequest', (request, reply, done) => {
    // Answers of the API are about people and coupons as they are now.
    if (request.url.startsWith('/v1/')) reply.header('cache-control', 'no-store');
    done();
  });
}

import type { FastifyInstance } from 'fastify';

/** Routes whose operation says `body.maxBytes` take that much JSON in place of the server's own limit. */
export function registerBodyLimits(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const maxBytes = route.config?.operation?.body?.maxBytes;
    if (maxBytes !== undefined) route.bodyLimit = maxBytes;
  });
}

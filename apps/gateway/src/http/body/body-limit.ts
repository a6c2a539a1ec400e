import type { FastifyInstance, RouteOptions } from 'fastify';

/** Of a body that anyone may send: a form of ours has some hundred bytes, a claim with a captcha's answer ten thousand. */
const strangersMaxBytes = 64 * 1024;

/**
 * Routes whose operation says `body.maxBytes` take that much JSON in place of the server's own limit. Routes that need
 * no credentials, or only those of a browser, which every visitor of a page has, take 64 kB. What providers tell of
 * messages is bounded by `RecordCallback`; façades have a limit of their own.
 */
export function registerBodyLimits(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const maxBytes = route.config?.operation?.body?.maxBytes ?? route.config?.rawBodyLimit;
    if (maxBytes !== undefined) route.bodyLimit = maxBytes;
    else if (isOpen(route)) route.bodyLimit = strangersMaxBytes;
  });
}

const isOpen = ({ config }: RouteOptions): boolean => !config?.scopes || config.scopes.includes('public');

import type { FastifyInstance, FastifyRequest } from 'fastify';

interface KnownRoute {
  pattern: RegExp;
  methods: Set<string>;
}

const routes = new WeakMap<object, Map<string, KnownRoute>>();

/** Remembers every route, so that a wrong method can be distinguished from an unknown address. */
export function rememberRoutes(server: FastifyInstance): void {
  const known = new Map<string, KnownRoute>();
  routes.set(server.server, known);
  server.addHook('onRoute', ({ url, method }) => {
    // A catch-all says nothing about an address.
    if (url.includes('*')) return;
    const pattern = new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}/?$`);
    const route = known.get(url) ?? { pattern, methods: new Set() };
    for (const each of [method].flat()) route.methods.add(each);
    known.set(url, route);
  });
}

/** What this address would take; empty when there is nothing there at all. */
export function allowedMethods(request: FastifyRequest): string[] {
  const [path = ''] = (request.raw.url ?? '').split('?');
  const known = routes.get(request.server.server) ?? new Map<string, KnownRoute>();
  const fitting = [...known.values()].filter(({ pattern }) => pattern.test(path));
  return [...new Set(fitting.flatMap(({ methods }) => [...methods]))].sort();
}

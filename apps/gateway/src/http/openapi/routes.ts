import type { FastifyInstance } from 'fastify';
import type { OperationDefinition } from './operation.decorator';

export interface DocumentedRoute {
  method: string;
  url: string;
  operation: OperationDefinition;
}

/** Every route that has an Operation, as it is registered: the document cannot name one that does not exist. */
export function collectRoutes(server: FastifyInstance): DocumentedRoute[] {
  const routes: DocumentedRoute[] = [];
  server.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.operation) return;
    for (const each of [method].flat()) {
      if (each !== 'HEAD') routes.push({ method: each.toLowerCase(), url, operation: config.operation });
    }
  });
  return routes;
}

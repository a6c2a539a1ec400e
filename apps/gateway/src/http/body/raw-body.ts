import type { FastifyInstance, FastifyRequest } from 'fastify';
import { encodingFault, unsupported } from './content-encoding';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes a body of any type as the text that came: a signature is over that, not over what it says. */
    rawBody?: boolean;
    /** Of such a route: how many bytes it takes, where that is not what all routes without credentials take. */
    rawBodyLimit?: number;
  }
}

/** What `RecordCallback` takes. */
export const maxLength = 100_000;

/** Bodies of other types than JSON and CSV: text on routes that say `config.rawBody`, 415 elsewhere. */
export function registerRawBody(server: FastifyInstance): void {
  server.addContentTypeParser('*', { parseAs: 'string' }, (request, text: string, done) => {
    if (!request.routeOptions.config.rawBody) return done(unsupported());
    const fault = encodingFault(request) ?? rawBodyFault(request, text);
    done(fault, fault ? undefined : text);
  });
}

/** 413 for more than such a route takes; null on all other routes. */
export function rawBodyFault(request: FastifyRequest, text: string): Error | null {
  const tooLong = request.routeOptions.config.rawBody && text.length > maxLength;
  return tooLong ? Object.assign(new Error(), { statusCode: 413 }) : null;
}

import type { FastifyInstance } from 'fastify';
import { encodingFault, unsupported } from './content-encoding';

/**
 * `application/x-www-form-urlencoded` as an object of texts, on routes that say `config.form`; elsewhere it is 415.
 * Of a name that comes twice the first counts; what cannot be stored is dropped.
 */
export function registerFormBody(server: FastifyInstance): void {
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 64 * 1024 },
    (request, text, done) => {
      if (!request.routeOptions.config.form) return done(unsupported());
      const fault = encodingFault(request);
      if (fault) return done(fault);
      const fields: Record<string, string> = Object.create(null) as Record<string, string>;
      for (const [name, value] of new URLSearchParams(text as string))
        fields[name] ??= value.replaceAll('\0', '');
      done(null, fields);
    },
  );
}

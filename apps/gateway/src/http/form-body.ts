import type { FastifyInstance } from 'fastify';
import { encodingFault, unsupported } from './content-encoding';

/**
 * `application/x-www-form-urlencoded` as an object of texts, on routes that say `config.form`, and as it
 * came on those that say `config.rawBody`; elsewhere it is 415.
 * Of a name that comes twice the first counts; what cannot be stored is dropped.
 */
export function registerFormBody(server: FastifyInstance): void {
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 64 * 1024 },
    (request, text, done) => {
      const { form, rawBody } = request.routeOptions.config;
      if (!form && !rawBody) return done(unsupported());
      const fault = encodingFault(request);
      if (fault) return done(fault);
      if (rawBody) return done(null, text);
      const fields: Record<string, string> = Object.create(null) as Record<string, string>;
      for (const [name, value] of new URLSearchParams(text as string))
        fields[name] ??= value.replaceAll('\0', '');
      done(null, fields);
    },
  );
}

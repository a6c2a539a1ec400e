import type { FastifyInstance } from 'fastify';
import { encodingFault, unsupported } from './content-encoding';
import { isStorable } from '@tearoff/service-kit';
import { unstorableBody } from './json-body';

/**
 * `application/x-www-form-urlencoded` as an object of texts, on routes that say `config.form`, and as it
 * came on those that say `config.rawBody`; elsewhere it is 415.
 * Of a name that comes twice the first counts. What cannot be stored is refused, as in a JSON body.
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
      for (const [name, value] of new URLSearchParams(text as string)) fields[name] ??= value;
      if (!isStorable(fields)) return done(unstorableBody());
      done(null, fields);
    },
  );
}

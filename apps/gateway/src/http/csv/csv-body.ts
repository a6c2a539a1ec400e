import { Readable, Transform } from 'node:stream';
import { DomainError } from '@tearoff/contracts';
import type { FastifyInstance } from 'fastify';
import { encodingFault, unsupported } from '../body/content-encoding';

/** A little more than ten million codes of twenty characters. */
const maxBytes = 256 * 1024 * 1024;

/**
 * Hands `text/csv` to the handler as a stream, on routes that say `config.csv`; elsewhere it is 415. At most
 * 256 MB; a stream that is longer, or whose sender goes away, fails.
 */
export function registerCsvBody(server: FastifyInstance): void {
  server.addContentTypeParser('text/csv', (request, payload, done) => {
    if (!request.routeOptions.config.csv) return done(unsupported());
    const fault = encodingFault(request);
    if (fault) return done(fault);
    let bytes = 0;
    const limited = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        bytes += chunk.length;
        if (bytes > maxBytes) next(Object.assign(new Error(), { statusCode: 413 }));
        else next(null, chunk);
      },
    });
    // Not pipeline(): that one would also close the connection, and with it the way for the answer.
    payload.once('error', (error) => limited.destroy(error));
    limited.on('error', () => payload.unpipe(limited).resume());
    payload.once('close', () => {
      if (!payload.readableEnded) limited.destroy(brokenOff());
    });
    done(null, payload.pipe(limited));
  });
  // Answered before its end (an unknown campaign): the rest is read and dropped, for the connection is used again.
  server.addHook('onResponse', (request, _reply, done) => {
    if (isStream(request.body) && !request.body.readableEnded) request.body.resume();
    done();
  });
}

export function isStream(body: unknown): body is Readable {
  return body instanceof Readable;
}

const brokenOff = (): DomainError =>
  new DomainError('request.malformed', 'invalid', 'The upload broke off before its end.');

import { randomUUID } from 'node:crypto';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { MessageContext } from '@tearoff/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../../access/api-keys/caller';
import { randomHex } from '../random-hex';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Set on every route that names scopes, before its handler runs. */
    caller: Caller;
    /** Handed on with every command, so that one request can be followed to the last service. */
    messageContext: MessageContext;
  }
}

const traceparentPattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const printable = /^[\x21-\x7e]{1,200}$/;

/** Takes over the caller's `X-Request-Id` and W3C `traceparent`, or makes them, and gives the id back. */
export function registerRequestContext(server: FastifyInstance): void {
  server.decorateRequest('messageContext');
  server.decorateRequest('caller');
  server.addHook('onRequest', (request, reply, done) => {
    const correlationId = idOf(request.headers['x-request-id']);
    request.messageContext = { correlationId, traceparent: traceparentOf(request.headers.traceparent) };
    reply.header('x-request-id', correlationId);
    nameSpan(request);
    done();
  });
}

/** The id under which logs and traces know this request: the active span's, the caller's or our own. */
export function traceIdOf(request: FastifyRequest): string {
  const span = trace.getActiveSpan()?.spanContext();
  if (span && isSpanContextValid(span)) return span.traceId;
  // An address that cannot be read is refused before any hook has run.
  return (request.messageContext?.traceparent ?? traceparentOf(request.headers.traceparent)).slice(3, 35);
}

/** Traces know a request by its route's template: addresses hold people and tokens, and are never recorded. */
function nameSpan(request: FastifyRequest): void {
  const span = trace.getActiveSpan();
  const route = request.is404 ? undefined : request.routeOptions.url;
  if (!span || route === undefined) return;
  span.setAttribute('http.route', route).updateName(`${request.method} ${route}`);
}

function idOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && printable.test(given) ? given : randomUUID();
}

function traceparentOf(given: string | string[] | undefined): string {
  if (typeof given === 'string' && traceparentPattern.test(given)) return given;
  const hex = randomHex(48);
  return `00-${hex.slice(0, 32)}-${hex.slice(32)}-01`;
}

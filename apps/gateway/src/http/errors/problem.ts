import { NotFoundException } from '@nestjs/common';
import { DomainError, type FieldError } from '@tearoff/contracts';
import { problemOf, type Logger, type ProblemResponse } from '@tearoff/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { facadeOf } from '../../facades/facades';
import { allowedMethods } from '../server/allowed-methods';
import { traceIdOf } from '../server/request-context';

const challenge = 'Basic realm="Tearoff", charset="UTF-8", Bearer realm="Tearoff"';

/**
 * Answers with the error as RFC 9457 problem+json, on a façade's addresses in the vendor's shape. The one way in which
 * this process answers any error.
 */
export function answerProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): void {
  const shown = toHttpTitle(error, request, reply);
  const traceId = traceIdOf(request);
  const { status, headers, body } = inShapeOf(request, shown, problemOf(shown, { traceId }));
  if (status >= 500) {
    const log = status === 500 ? logger.error.bind(logger) : logger.warn.bind(logger);
    log({ err: error, method: request.method, route: request.routeOptions?.url, traceId }, 'request failed');
  }
  // Half an answer is out already: all that is left is to break off, so that no one takes it for a whole one.
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  if (status === 401) reply.header('www-authenticate', challenge);
  void reply
    .code(status)
    .headers(headers)
    .send(typeof body === 'string' ? body : JSON.stringify(body));
}

function inShapeOf(request: FastifyRequest, error: unknown, problem: ProblemResponse) {
  const answer = facadeOf(request.raw.url)?.answerTo(error, problem);
  if (!answer) return problem;
  const type = typeof answer.body === 'string' ? 'text/plain' : 'application/json';
  return { ...answer, headers: { ...problem.headers, 'content-type': `${type}; charset=utf-8` } };
}

function toHttpTitle(error: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
  if (error instanceof NotFoundException) {
    const allowed = allowedMethods(request);
    if (allowed.length === 0) return error;
    reply.header('allow', allowed.join(', '));
    return Object.assign(new Error('method not allowed'), { statusCode: 405 });
  }
  // A command's contract is stricter than the DTO here and there; to the caller both are one body.
  if (error instanceof DomainError && error.code === 'command.invalid') {
    const errors = (error.details?.errors ?? []).map(withoutWrapper);
    return new DomainError('request.invalid', 'invalid', 'The request is not valid.', { errors });
  }
  return error;
}

/** A command carries the body under its noun: `/campaign/content/color` is the caller's `/content/color`. */
const withoutWrapper = ({ path, message }: FieldError): FieldError => ({
  path: path.replace(/^\/(campaign|store|template|workflow|card|member|patch)(?=\/)/, ''),
  message,
});

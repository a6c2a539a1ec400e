import { DomainError, isDatabaseUnavailable, type ErrorKind, type FieldError } from '@tearoff/contracts';
import { frameworkError } from './framework.errors';

/** RFC 9457 Problem Details, with our `code`, `traceId` and `errors`, and what else an error has to say. */
export interface ProblemDetails {
  /** `urn:tearoff:problem:<code>`. */
  type: string;
  title: string;
  status: number;
  detail: string;
  /** A stable slug such as `coupon.already_redeemed`. */
  code: string;
  instance?: string;
  traceId?: string;
  errors?: FieldError[];
  [extension: string]: unknown;
}

export interface ProblemResponse {
  status: number;
  /** Content type and, where trying again later can help, Retry-After. */
  headers: Record<string, string>;
  body: ProblemDetails;
}

const statusOfKind: Record<ErrorKind, number> = {
  invalid: 422,
  not_found: 404,
  conflict: 409,
  forbidden: 403,
  unavailable: 503,
  internal: 500,
};
const statusOfCode: Record<string, number> = {
  'auth.missing': 401,
  'auth.invalid': 401,
  'rate.limited': 429,
  'coupon.too_many_unknown': 429,
};
const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Credentials needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  408: 'Request took too long',
  409: 'Conflict',
  413: 'Request too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  422: 'Not valid',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Not available',
};

/**
 * The HTTP answer to any error. A DomainError says what it has to say; a 4xx of Fastify or Nest becomes a
 * `request.*` code; a database that is away is 503; anything else is 500 `internal`, without a word of it.
 */
export function problemOf(
  error: unknown,
  about: { traceId?: string; instance?: string } = {},
): ProblemResponse {
  const { status, error: shown } = resolve(error);
  const { errors, retryAfterSeconds, ...extensions } = shown.details ?? {};
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (retryAfterSeconds !== undefined || status === 503 || status === 429) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterSeconds ?? 1)));
  }
  return {
    status,
    headers,
    body: {
      // First, so that no extension can pass itself off as a standard member.
      ...extensions,
      type: `urn:tearoff:problem:${shown.code}`,
      title: titles[status] ?? 'Error',
      status,
      detail: shown.message,
      code: shown.code,
      ...(about.instance !== undefined && { instance: about.instance }),
      ...(about.traceId !== undefined && { traceId: about.traceId }),
      ...(errors && { errors }),
    },
  };
}

function resolve(error: unknown): { status: number; error: DomainError } {
  if (error instanceof DomainError) {
    if (error.kind === 'internal') return internal(error.code);
    return { status: statusOf(error), error };
  }
  const framework = frameworkError(error);
  if (framework) return framework;
  if (isDatabaseUnavailable(error)) {
    return {
      status: 503,
      error: new DomainError(
        'service.unavailable',
        'unavailable',
        'This cannot be answered right now. Try again.',
      ),
    };
  }
  return internal('internal');
}

function statusOf({ code, kind }: DomainError): number {
  if (kind === 'invalid' && code.startsWith('request.')) return 400;
  return statusOfCode[code] ?? statusOfKind[kind];
}

function internal(code: string): { status: number; error: DomainError } {
  return { status: 500, error: new DomainError(code, 'internal', 'Something went wrong on our side.') };
}

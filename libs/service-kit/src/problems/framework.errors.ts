import { DomainError, type ErrorDetails, type FieldError } from '@tearoff/contracts';

interface FrameworkError {
  statusCode?: unknown;
  getStatus?: () => unknown;
  /** Fastify: what its schema compiler found, and in which part of the request. */
  validation?: {
    instancePath?: string;
    keyword?: string;
    message?: string;
    params?: Record<string, unknown>;
  }[];
  validationContext?: string;
}

const known: Record<number, [code: string, message: string]> = {
  400: ['request.malformed', 'The request could not be read.'],
  401: ['auth.missing', 'This needs credentials.'],
  403: ['auth.forbidden', 'These credentials do not allow it.'],
  404: ['request.not_found', 'There is nothing at this address.'],
  405: ['request.method_not_allowed', 'This address does not take that method.'],
  406: ['request.not_acceptable', 'None of the accepted media types can be given.'],
  408: ['request.timeout', 'The request took too long to arrive.'],
  413: ['request.too_large', 'The request body is too large.'],
  414: ['request.address_too_long', 'The address is too long.'],
  415: ['request.unsupported_media_type', 'This content type is not taken here.'],
  429: ['rate.limited', 'Too many requests. Wait a moment.'],
  431: ['request.headers_too_large', 'The request headers are too large.'],
  503: ['service.unavailable', 'This cannot be answered right now. Try again.'],
};

/**
 * What Fastify and Nest throw by themselves, told by its shape, in our words: theirs name routes and packages.
 * Null for anything that is not a client's fault or a passing one.
 */
export function frameworkError(error: unknown): { status: number; error: DomainError } | null {
  if (typeof error !== 'object' || error === null) return null;
  const { statusCode, getStatus, validation, validationContext } = error as FrameworkError;
  const status = typeof getStatus === 'function' ? getStatus.call(error) : statusCode;
  if (typeof status !== 'number') return null;
  if (status === 400 && Array.isArray(validation)) {
    const errors = validation.slice(0, 20).map(fieldError);
    return { status, error: domainError(status, 'request.invalid', wordsFor(validationContext), { errors }) };
  }
  const words = known[status] ?? (status >= 400 && status < 500 ? known[400] : undefined);
  return words ? { status, error: domainError(status, words[0], words[1]) } : null;
}

function domainError(status: number, code: string, message: string, details?: ErrorDetails): DomainError {
  return new DomainError(code, status === 503 ? 'unavailable' : 'invalid', message, details);
}

function wordsFor(context: string | undefined): string {
  if (context === 'querystring') return 'The query is not valid.';
  if (context === 'params') return 'The address is not valid.';
  if (context === 'headers') return 'The headers are not valid.';
  return 'The body is not valid.';
}

function fieldError(fault: NonNullable<FrameworkError['validation']>[number]): FieldError {
  const { instancePath = '', keyword, message = 'is not valid', params = {} } = fault;
  if (keyword === 'required')
    return { path: `${instancePath}/${String(params.missingProperty)}`, message: 'is required' };
  if (keyword === 'additionalProperties') {
    return { path: `${instancePath}/${String(params.additionalProperty)}`, message: 'is not a known field' };
  }
  if (keyword === 'enum') {
    return {
      path: instancePath,
      message: `must be one of ${(params.allowedValues as unknown[]).join(', ')}`,
    };
  }
  return { path: instancePath, message };
}

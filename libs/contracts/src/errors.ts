/** What a caller can do about an error; each mapper (HTTP, RPC, consumer) decides on this alone. */
export const errorKinds = [
  'invalid',
  'not_found',
  'conflict',
  'forbidden',
  'unavailable',
  'internal',
] as const;
export type ErrorKind = (typeof errorKinds)[number];

/** One fault of an input: `path` is a JSON Pointer (RFC 6901) into it. */
export interface FieldError {
  path: string;
  message: string;
}

export interface ErrorDetails {
  errors?: FieldError[];
  retryAfterSeconds?: number;
  [key: string]: unknown;
}

/** The JSON form in which a DomainError crosses a service border. */
export interface DomainErrorJson {
  code: string;
  kind: ErrorKind;
  message: string;
  details?: ErrorDetails;
}

/**
 * The one error of the domain. `code` is a stable slug (`campaign.not_found`) that callers branch on,
 * `message` is one English sentence safe to show to the caller, `details` is JSON.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: string,
    readonly kind: ErrorKind,
    message: string,
    readonly details?: ErrorDetails,
  ) {
    super(message);
  }

  toJSON(): DomainErrorJson {
    return {
      code: this.code,
      kind: this.kind,
      message: this.message,
      ...(this.details && { details: this.details }),
    };
  }

  static fromJSON(json: DomainErrorJson): DomainError {
    return new DomainError(json.code, json.kind, json.message, json.details);
  }
}

export const invalid = (code: string, message: string, details?: ErrorDetails): DomainError =>
  new DomainError(code, 'invalid', message, details);
export const notFound = (code: string, message: string, details?: ErrorDetails): DomainError =>
  new DomainError(code, 'not_found', message, details);
export const conflict = (code: string, message: string, details?: ErrorDetails): DomainError =>
  new DomainError(code, 'conflict', message, details);
export const forbidden = (code: string, message: string, details?: ErrorDetails): DomainError =>
  new DomainError(code, 'forbidden', message, details);
export const unavailable = (code: string, message: string, details?: ErrorDetails): DomainError =>
  new DomainError(code, 'unavailable', message, details);

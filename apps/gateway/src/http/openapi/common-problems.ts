import type { OperationDefinition } from './operation.decorator';

type Problems = Record<number, readonly string[]>;

interface CommonProblem {
  /** Under `components.responses`. */
  name: string;
  description: string;
  codes: readonly string[];
}

/** What any route of `/v1` may answer, by status; 413 and 415 where there is a body. */
export const commonProblems: Readonly<Record<number, CommonProblem>> = {
  400: {
    name: 'Malformed',
    description: 'The request cannot be read or names an unknown field: see `errors`.',
    codes: ['request.malformed', 'request.invalid', 'request.invalid_cursor'],
  },
  401: {
    name: 'NoCredentials',
    description: 'No credentials, or wrong ones.',
    codes: ['auth.missing', 'auth.invalid'],
  },
  403: {
    name: 'Forbidden',
    description: 'These credentials do not have the scope.',
    codes: ['auth.scope'],
  },
  413: { name: 'TooLarge', description: 'The body is too large.', codes: ['request.too_large'] },
  414: {
    name: 'AddressTooLong',
    description: 'The address is too long.',
    codes: ['request.address_too_long'],
  },
  415: {
    name: 'UnsupportedMediaType',
    description: 'The body is not of a type that is taken here, or it is compressed.',
    codes: ['request.unsupported_media_type'],
  },
  429: { name: 'TooMany', description: 'Too many requests: see `Retry-After`.', codes: ['rate.limited'] },
  500: { name: 'Internal', description: 'Something went wrong on our side.', codes: ['internal'] },
  503: {
    name: 'Unavailable',
    description: 'A part of the system is away: try again.',
    codes: ['service.unavailable', 'service.deadline_exceeded'],
  },
};

const ofBodies = [413, 415];

/** The codes that this route alone answers, by status: the common ones join them where both have one. */
export function problemsOf(
  method: string,
  { body, problems: own = {} }: Pick<OperationDefinition, 'body' | 'problems'>,
): { common: [status: number, problem: CommonProblem][]; own: Problems } {
  const common = Object.entries(commonProblems)
    .map(([status, problem]): [number, CommonProblem] => [Number(status), problem])
    .filter(([status]) => body || !ofBodies.includes(status));
  const idempotency: Problems =
    method === 'post' ? { 409: ['idempotency.in_progress'], 422: ['idempotency.key_reused'] } : {};
  const all = [...Object.entries(own), ...Object.entries(idempotency)];
  const joined: Problems = {};
  for (const [status, codes] of all) {
    const before = joined[Number(status)] ?? commonProblems[Number(status)]?.codes ?? [];
    joined[Number(status)] = [...new Set([...before, ...codes])];
  }
  return { common: common.filter(([status]) => !joined[status]), own: joined };
}

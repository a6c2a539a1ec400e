import { DomainError, unavailable, type IssueRefusal } from '@tearoff/contracts';
import { isDatabaseUnavailable } from '@tearoff/service-kit';
import type { IssueRequest } from './issue-request';
import type { CouponEntity } from './coupon.entity';

/** What a transaction makes of a request; `R`: why it may be refused. */
export type Decided<R extends string = IssueRefusal> =
  | { ask: IssueRequest; outcome: 'issued' | 'repeated'; coupon: CouponEntity }
  | { ask: IssueRequest; outcome: 'refused'; reason: R };

/** What became of a request. */
export type IssueResult = Decided | { ask: IssueRequest; outcome: 'failed'; error: DomainError };

export type Repeated = Extract<IssueResult, { outcome: 'issued' | 'repeated' }>;

export function failed(ask: IssueRequest, error: unknown): IssueResult {
  return { ask, outcome: 'failed', error: domainErrorOf(error) };
}

export function domainErrorOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return isDatabaseUnavailable(error)
    ? unavailable('service.unavailable', 'The issuance service has lost its database.')
    : new DomainError('internal', 'internal', 'An unexpected error occurred.');
}

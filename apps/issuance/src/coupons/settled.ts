import { DomainError, unavailable, type IssueRefusal } from '@tearoff/contracts';
import { isDatabaseAway } from '@tearoff/service-kit';
import type { Ask } from './ask';
import type { CouponEntity } from './coupon.entity';

/** What a transaction makes of a request; `R`: why it may be refused. */
export type Decided<R extends string = IssueRefusal> =
  | { ask: Ask; outcome: 'issued' | 'repeated'; coupon: CouponEntity }
  | { ask: Ask; outcome: 'refused'; reason: R };

/** What became of a request. */
export type Settled = Decided | { ask: Ask; outcome: 'failed'; error: DomainError };

export type Repeated = Extract<Settled, { outcome: 'issued' | 'repeated' }>;

export function failed(ask: Ask, error: unknown): Settled {
  return { ask, outcome: 'failed', error: domainErrorOf(error) };
}

export function domainErrorOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return isDatabaseAway(error)
    ? unavailable('service.unavailable', 'The issuance service has lost its database.')
    : new DomainError('internal', 'internal', 'An unexpected error occurred.');
}

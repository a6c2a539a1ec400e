import { notFound, type DomainError } from '@tearoff/contracts';

export const couponNotFound = (): DomainError => notFound('coupon.not_found', 'There is no such coupon.');

import { invalid, type DomainError } from '@tearoff/contracts';

export const amountMissing = (): DomainError =>
  invalid('points.invalid_amount', 'Zero points are no movement.', {
    errors: [{ path: '/amount', message: 'must not be 0' }],
  });

export const memberUnnamed = (): DomainError =>
  invalid('points.member_required', 'Exactly one name says whose points they are.', {
    errors: [
      {
        path: '/memberId',
        message: 'exactly one of memberId, number, phone, email and externalId is required',
      },
    ],
  });

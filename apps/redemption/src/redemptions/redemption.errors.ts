import { conflict, invalid, notFound } from '@tearoff/contracts';

export const redemptionNotFound = () => notFound('redemption.not_found', 'There is no such redemption.');
export const alreadyReversed = () =>
  conflict('redemption.already_reversed', 'This redemption was reversed before.');
export const codeMissing = () =>
  invalid('redemption.code_missing', 'Either a code or a reservationId names the coupon.', {
    errors: [{ path: '/code', message: 'is required without a reservationId' }],
  });

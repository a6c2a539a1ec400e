import { notFound } from '@tearoff/contracts';

export const reservationNotFound = () =>
  notFound('reservation.not_found', 'There is no such reservation, or it has run out.');

import { conflict, notFound, type DomainError } from '@tearoff/contracts';

export const enrolmentNotFound = (): DomainError =>
  notFound('enrolment.not_found', 'The member is not on this card.');

export const cardNotActive = (): DomainError =>
  conflict('card.not_active', 'The loyalty card is not active.');

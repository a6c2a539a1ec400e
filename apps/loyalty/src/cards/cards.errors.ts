import { invalid, notFound, type DomainError, type FieldError } from '@tearoff/contracts';

export const cardNotFound = (): DomainError => notFound('card.not_found', 'There is no such loyalty card.');

export const cardInvalid = (errors: FieldError[]): DomainError =>
  invalid('card.invalid', 'The loyalty card is not valid.', { errors });

import { conflict, invalid, notFound, type DomainError, type FieldError } from '@tearoff/contracts';

export const memberNotFound = (): DomainError => notFound('member.not_found', 'There is no such member.');

export const memberExists = (memberId: string, path: string): DomainError =>
  conflict('member.exists', `Another member has this ${path.slice(1)}.`, { memberId, path });

export const memberInvalid = (errors: FieldError[]): DomainError =>
  invalid('member.invalid', 'The member is not valid.', { errors });

const nameless = ['phone', 'email', 'externalId'].map((name) => ({
  path: `/${name}`,
  message: 'one of phone, email and externalId is required',
}));

export const nameMissing = (): DomainError =>
  invalid('recipient.missing', 'A member needs a phone number, an e-mail address or an external id.', {
    errors: nameless,
  });

export const invalidPhone = (): DomainError =>
  invalid('recipient.invalid_phone', 'The phone number is not valid.', {
    errors: [{ path: '/phone', message: 'is not a phone number' }],
  });

export const invalidEmail = (): DomainError =>
  invalid('recipient.invalid_email', 'The e-mail address is not valid.', {
    errors: [{ path: '/email', message: 'is not an e-mail address' }],
  });

export const searchTooShort = (): DomainError =>
  invalid('request.invalid', 'The request is not valid.', {
    errors: [
      { path: '/q', message: 'must have at least 3 characters, or one of Chinese, Japanese or Korean' },
    ],
  });

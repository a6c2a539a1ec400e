import { emailOf, invalid, looksLikeEmail, phoneOf, type PersonRef } from '@tearoff/contracts';
import { IsIn } from 'class-validator';
import { Optional } from '../../http/validation/dto.decorators';

const kinds = ['phone', 'email', 'externalId'] as const;
type Kind = (typeof kinds)[number];

export class PersonQuery {
  /** How to read the name in the path, where its looks would mislead. */
  @Optional() @IsIn(kinds) by?: Kind;
}

/**
 * Whom a name in a path means: with an @ it is an e-mail address, a plus or a number that can be dialled is a phone,
 * all else an external id. Fails with `contact.invalid_email|invalid_phone|invalid_external_id`.
 */
export function personRef(name: string, by: Kind = kindOf(name)): PersonRef {
  switch (by) {
    case 'email': {
      const email = emailOf(name);
      if (!email) throw invalid('contact.invalid_email', 'The e-mail address is not valid.');
      return { email };
    }
    case 'phone': {
      const phone = phoneOf(name);
      if (!phone) throw invalid('contact.invalid_phone', 'The phone number is not valid.');
      return { phone };
    }
    case 'externalId': {
      const externalId = name.trim();
      if (externalId === '' || externalId.length > 200 || externalId.includes('\0'))
        throw invalid('contact.invalid_external_id', 'An external id has 1 to 200 characters.');
      return { externalId };
    }
  }
}

function kindOf(name: string): Kind {
  if (looksLikeEmail(name)) return 'email';
  return /^[+\uff0b]/.test(name.trim()) || phoneOf(name) ? 'phone' : 'externalId';
}

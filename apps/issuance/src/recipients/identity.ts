import { emailOf, personKey, phoneOf, type Recipient, type RecipientInput } from '@tearoff/contracts';
import { foldedEmail, type Folding } from './email';

export type IdentityFault = 'recipient.missing' | 'recipient.invalid_phone' | 'recipient.invalid_email';

/** `keys`: one for each name the person is known by in a campaign, e.g. `p:+441632960961`. */
export interface Identity {
  recipient: Recipient;
  keys: string[];
}

export function identify(input: RecipientInput, folding: Folding): Identity | IdentityFault {
  const { phone: givenPhone, email: givenEmail, externalId: givenId, ...rest } = input;
  const recipient: Recipient = rest;
  const keys: string[] = [];
  if (givenPhone !== undefined) {
    const phone = phoneOf(givenPhone, input.country);
    if (!phone) return 'recipient.invalid_phone';
    recipient.phone = phone;
    keys.push(phoneKey(phone));
  }
  if (givenEmail !== undefined) {
    const email = emailOf(givenEmail);
    if (!email) return 'recipient.invalid_email';
    recipient.email = email;
    keys.push(emailKey(email, folding));
  }
  const externalId = givenId?.trim();
  if (externalId) {
    recipient.externalId = externalId;
    keys.push(externalKey(externalId));
  }
  return keys.length > 0 ? { recipient, keys: keys.sort() } : 'recipient.missing';
}

export const phoneKey = (phone: string): string => `p:${personKey(phone)}`;
export const emailKey = (email: string, folding: Folding): string =>
  `e:${foldedEmail(personKey(email), folding)}`;
export const externalKey = (externalId: string): string => `x:${externalId}`;

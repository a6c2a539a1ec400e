import {
  normaliseRecipient,
  personKey,
  type Recipient,
  type RecipientFault,
  type RecipientInput,
} from '@tearoff/contracts';
import { foldedEmail, type Folding } from './email';

export type IdentityFault = RecipientFault;

/** `keys`: one for each name the person is known by in a campaign, e.g. `p:+441632960961`. */
export interface Identity {
  recipient: Recipient;
  keys: string[];
}

export function identify(input: RecipientInput, folding: Folding): Identity | IdentityFault {
  const recipient = normaliseRecipient(input);
  if (typeof recipient === 'string') return recipient;
  const { phone, email, externalId } = recipient;
  const keys: string[] = [];
  if (phone !== undefined) keys.push(phoneKey(phone));
  if (email !== undefined) keys.push(emailKey(email, folding));
  if (externalId !== undefined) keys.push(externalKey(externalId));
  return { recipient, keys: keys.sort() };
}

export const phoneKey = (phone: string): string => `p:${personKey(phone)}`;
export const emailKey = (email: string, folding: Folding): string =>
  `e:${foldedEmail(personKey(email), folding)}`;
export const externalKey = (externalId: string): string => `x:${externalId}`;

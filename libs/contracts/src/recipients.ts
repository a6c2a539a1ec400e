import { emailOf, phoneOf } from './addresses';
import type { Recipient, RecipientInput } from './coupons';

/** What may be wrong with a recipient anyone who the campaign is for, in words for the caller. */
export const recipientFaults = {
  'recipient.missing': 'The recipient needs a phone number, an e-mail address or an external id.',
  'recipient.invalid_phone':
    'The phone number is not valid; write it with its country code or name the country.',
  'recipient.invalid_email': 'The e-mail address is not valid.',
} as const;
export type RecipientFault = keyof typeof recipientFaults;

/** The person as kept: addresses normalised, the external id without blanks around it. Or what is wrong. */
export function normaliseRecipient(input: RecipientInput): Recipient | RecipientFault {
  const { phone: givenPhone, email: givenEmail, externalId: givenId, ...rest } = input;
  const recipient: Recipient = rest;
  if (givenPhone !== undefined) {
    const phone = phoneOf(givenPhone, input.country);
    if (!phone) return 'recipient.invalid_phone';
    recipient.phone = phone;
  }
  if (givenEmail !== undefined) {
    const email = emailOf(givenEmail);
    if (!email) return 'recipient.invalid_email';
    recipient.email = email;
  }
  const externalId = givenId?.trim();
  if (externalId) recipient.externalId = externalId;
  return (recipient.phone ?? recipient.email ?? recipient.externalId) ? recipient : 'recipient.missing';
}

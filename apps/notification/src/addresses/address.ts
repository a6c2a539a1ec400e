import { invalid, type Channel } from '@tearoff/contracts';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

const emailShape = /^[^\s@<>()",;:\\[\]]+@[^\s@<>()",;:\\[\]]+\.[^\s@.]+$/u;

/** E.164 of any spelling of a valid number that names its country; the `+` may be missing. */
export function normalisePhone(spelling: string): string | null {
  const trimmed = spelling.trim();
  const international = trimmed.startsWith('+') ? trimmed : `+${trimmed.replace(/^00/, '')}`;
  const phone = parsePhoneNumberFromString(international);
  return phone?.isValid() ? phone.number : null;
}

/** The case-folded address, as issuance keeps it. */
export function normaliseEmail(spelling: string): string | null {
  const folded = spelling.trim().toLowerCase();
  return emailShape.test(folded) && folded.length <= 320 ? folded : null;
}

/** The address as deliveries and suppressions keep it; refuses what cannot be one. */
export function normaliseAddress(channel: Channel, spelling: string): string {
  const address = channel === 'sms' ? normalisePhone(spelling) : normaliseEmail(spelling);
  if (address) return address;
  throw channel === 'sms'
    ? invalid('recipient.invalid_phone', `"${spelling}" is not a valid phone number with its country code.`)
    : invalid('recipient.invalid_email', `"${spelling}" is not a valid e-mail address.`);
}

/** What kind of address a spelling is of, where nobody says. */
export const channelOf = (address: string): Channel => (address.includes('@') ? 'email' : 'sms');

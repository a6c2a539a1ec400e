import { emailOf, invalid, phoneOf, type Channel } from '@tearoff/contracts';

/** E.164 of any spelling of a valid number that names its country; the `+` may be missing. */
export function normalisePhone(spelling: string): string | null {
  const trimmed = spelling.trim().replace(/^tel:/i, '');
  return phoneOf(trimmed.startsWith('+') ? trimmed : `+${trimmed.replace(/^00/, '')}`);
}

/** The address as deliveries and suppressions keep it; refuses what cannot be one. */
export function normaliseAddress(channel: Channel, spelling: string): string {
  const address = channel === 'sms' ? normalisePhone(spelling) : emailOf(spelling);
  if (address) return address;
  throw channel === 'sms'
    ? invalid('recipient.invalid_phone', `"${spelling}" is not a valid phone number with its country code.`)
    : invalid('recipient.invalid_email', `"${spelling}" is not a valid e-mail address.`);
}

/** What kind of address a spelling is of, where nobody says. */
export const channelOf = (address: string): Channel => (address.includes('@') ? 'email' : 'sms');

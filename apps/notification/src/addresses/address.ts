import { emailOf, internationalPhoneOf, invalid, looksLikeEmail, type Channel } from '@tearoff/contracts';

/** Providers, and lists of suppressions, often leave out a number's `+`: all of theirs name their country. */
export const addressOn = (channel: Channel, spelling: string): string | null =>
  channel === 'sms' ? internationalPhoneOf(spelling) : emailOf(spelling);

/** The address as deliveries and suppressions keep it; refuses what cannot be one. */
export function normaliseAddress(channel: Channel, spelling: string): string {
  const address = addressOn(channel, spelling);
  if (address) return address;
  throw channel === 'sms'
    ? invalid('recipient.invalid_phone', `"${spelling}" is not a valid phone number with its country code.`)
    : invalid('recipient.invalid_email', `"${spelling}" is not a valid e-mail address.`);
}

/** What kind of address a spelling is of, where no one says. */
export const channelOf = (address: string): Channel => (looksLikeEmail(address) ? 'email' : 'sms');

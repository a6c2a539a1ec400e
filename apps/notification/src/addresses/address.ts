import { domainToASCII } from 'node:url';
import { invalid, type Channel } from '@tearoff/contracts';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

// What issuance keeps people by and what is kept here must be one spelling, to the letter: a suppression of another
// one holds nothing back.

// Numbers that regulators keep for film and print (Ofcom, Arcep), which examples are written with.
const fictional = /^\+(447700900\d{3}|33(19900|26191|35301|46571|53649|63998)\d{4})$/;
const local = /^[^\s\p{Cc}@"(),:;<>[\\\]]+$/u;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** E.164 of any spelling of a valid number that names its country; the `+` may be missing. */
export function normalisePhone(spelling: string): string | null {
  const trimmed = spelling.trim().replace(/^tel:/i, '');
  const international = trimmed.startsWith('+') ? trimmed : `+${trimmed.replace(/^00/, '')}`;
  const phone = parsePhoneNumberFromString(international, { extract: false });
  return phone && (phone.isValid() || fictional.test(phone.number)) ? phone.number : null;
}

/** The case-folded address, its domain in ASCII (IDNA). */
export function normaliseEmail(spelling: string): string | null {
  const folded = spelling.trim().normalize('NFC').toLowerCase();
  const at = folded.lastIndexOf('@');
  const name = folded.slice(0, Math.max(at, 0));
  const domain = domainToASCII(folded.slice(at + 1));
  const labels = domain.split('.');
  if (at < 1 || name.length > 64 || domain.length > 253 || labels.length < 2) return null;
  if (!local.test(name) || /^\.|\.$|\.\./.test(name) || /^\d+$/.test(labels.at(-1)!)) return null;
  return labels.every((part) => label.test(part)) ? `${name}@${domain}` : null;
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

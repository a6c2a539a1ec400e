import { domainToASCII } from 'node:url';
import { oneLine } from '../rendering/one-line';

/** An address as SMTP commands and the headers of a mail spell it (RFC 5321, 5322 and 6531). */
export interface Mailbox {
  spelling: string;
  /** ASCII. */
  domain: string;
  /** Its local part is not ASCII: a server must offer SMTPUTF8 to take it. */
  international: boolean;
}

/** Who a mail is from: `Name <address>`; the name may be empty. */
export interface Sender {
  name: string;
  mailbox: Mailbox;
}

// What RFC 5321 would allow within quotes besides dots (spaces, brackets, a second @) is a mistake in any address there is,
// and programs read it differently, which is how a mail reaches another one than was meant. Of what is not ASCII, marks
// of direction would make an address read as another one.
const local = /^[\w!#$%&'*+/=?^`{|}~.\x80-\u{10ffff}-]+$/u;
// `=?`: programs that read encoded words in addresses too (RFC 2047 says no) would find another address in it.
const forbidden = /=\?|[\s\p{Cc}\p{Surrogate}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
// RFC 5321 says 64 octets; letters that are not ASCII take up to four.
const longestName = 256;
const hostname = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const addressLiteral = /^\[(IPv6:[0-9a-f:.]+|[0-9.]+)\]$/i;

/** Null for what cannot be written as an address. */
export function mailboxOf(address: string): Mailbox | null {
  const at = address.lastIndexOf('@');
  const name = address.slice(0, Math.max(at, 0)).replace(/^"(.*)"$/s, '$1');
  if (!local.test(name) || forbidden.test(address) || Buffer.byteLength(name) > longestName) return null;
  const domain = domainOf(address.slice(at + 1));
  if (domain === null) return null;
  // Dots where no atom allows them: mobile networks of Japan have given out such addresses.
  const quoted = /^\.|\.\.|\.$/.test(name);
  return {
    spelling: `${quoted ? `"${name}"` : name}@${domain}`,
    domain,
    international: /[^\0-\x7f]/.test(name),
  };
}

function domainOf(text: string): string | null {
  if (text.length <= 253 && hostname.test(text)) return text;
  if (addressLiteral.test(text)) return text;
  const ascii = domainToASCII(text);
  return ascii.length <= 253 && hostname.test(ascii) ? ascii : null;
}

/** Null where there is no address in it. */
export function senderOf(text: string): Sender | null {
  const [, name = '', address = text.trim()] = /^\s*(.*?)\s*<([^<>]+)>\s*$/s.exec(text) ?? [];
  const mailbox = /[\s<>]/.test(address) ? null : mailboxOf(address);
  return mailbox && { name: oneLine(name.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/gs, '$1')), mailbox };
}

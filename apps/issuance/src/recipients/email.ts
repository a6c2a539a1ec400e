import { domainToASCII } from 'node:url';

const local = /^[^\s\p{Cc}@"(),:;<>[\\\]]+$/u;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The address case-folded, its domain in ASCII (IDNA), or null when nothing could be delivered to it. */
export function emailOf(text: string): string | null {
  const address = text.trim().normalize('NFC').toLowerCase();
  const at = address.lastIndexOf('@');
  if (at < 1) return null;
  const name = address.slice(0, at);
  const domain = domainToASCII(address.slice(at + 1));
  const labels = domain.split('.');
  const top = labels.at(-1)!;
  if (name.length > 64 || domain.length > 253 || labels.length < 2) return null;
  if (!local.test(name) || name.startsWith('.') || name.endsWith('.') || name.includes('..')) return null;
  return labels.every((part) => label.test(part)) && !/^\d+$/.test(top) ? `${name}@${domain}` : null;
}

export interface Folding {
  ignorePlus?: boolean;
  ignoreDots?: boolean;
}

/** The address by which a person is told apart from others; she is written to at the one she gave. */
export function foldedEmail(email: string, { ignorePlus, ignoreDots }: Folding): string {
  const at = email.lastIndexOf('@');
  let name = email.slice(0, at);
  if (ignorePlus) name = name.replace(/(?<=.)\+.*$/, '');
  if (ignoreDots) name = name.replaceAll('.', '');
  return name + email.slice(at);
}

import { domainToASCII } from 'node:url';
import { hasControls, plainText, plainTextWithJoiners } from './plain-text';

// Without \p{C}: controls, lone surrogates, and code points that no one has assigned yet, whose case and
// compatibility forms a later Unicode may decide otherwise. U+FFFD stands for a character that was lost.
const localPart = /^[^\s\p{C}\ufffd@"(),:;<>[\\\]]+$/u;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
// `domainToASCII` reads a URL's host: it drops tabs and line feeds, decodes %6D, and ends at a slash.
const noHostname = /[\0-,/:-@[-^`{-\x7f]/;

// Marks that turn round how the text after them is shown. Around an address they are a matter of copying; inside
// it they hide what it is.
const turning = '[\\u202a-\\u202e\\u2066-\\u2069]';
const wrapping = new RegExp(`^(?:${turning}|\\s)+|(?:${turning}|\\s)+$`, 'g');
const turnedInside = new RegExp(turning);

// Characters whose compatibility form holds ASCII punctuation (℀ is a/c, ․ is a dot, ﹫ an @): someone else's domain
// could be written with them. The full-width forms are what East Asian keyboards type, and mean what they show.
const asciiMark = /[\0-/:-@[-`{-\x7f]/;
const isFullWidth = (character: string): boolean => character >= '\uff01' && character <= '\uff5e';
const isDisguise = (character: string): boolean =>
  character > '\x7f' && !isFullWidth(character) && asciiMark.test(character.normalize('NFKC'));
const hasDisguise = (text: string): boolean => /[^\0-\x7f]/.test(text) && [...text].some(isDisguise);

/**
 * Japan's carriers gave their subscribers addresses such as `hana.@docomo.ne.jp` and `a..b@ezweb.ne.jp` until 2009,
 * which are still in use and go onto the wire in quotes (RFC 5321, 4.1.2). Elsewhere such a dot is a typing error.
 */
const domainsWithFreeDots: ReadonlySet<string> = new Set(['docomo.ne.jp', 'ezweb.ne.jp', 'au.com']);

// RFC 5321, 4.5.3.1, in octets; the whole as erratum 1690 to RFC 3696 corrects it.
const longestLocalPart = 64;
const longestAddress = 254;

/** The address case-folded, its domain in ASCII (IDNA), or null when nothing could be delivered to it. */
export function emailOf(text: string): string | null {
  const spelling = text.replace(wrapping, '');
  if (hasControls(spelling) || turnedInside.test(spelling) || hasDisguise(spelling)) return null;
  const plain = plainTextWithJoiners(spelling);
  const at = plain.lastIndexOf('@');
  if (at < 1) return null;
  const name = plainText(plain.slice(0, at).toLowerCase());
  const domain = domainOf(plain.slice(at + 1));
  if (domain === null || !isLocalPart(name, domain)) return null;
  const address = `${name}@${domain}`;
  return Buffer.byteLength(address) > longestAddress ? null : address;
}

/** Whether a spelling that may be of either kind is meant as an e-mail address. */
export const looksLikeEmail = (text: string): boolean => /[@\uff20\ufe6b]/.test(text);

function domainOf(text: string): string | null {
  if (noHostname.test(text)) return null;
  const domain = domainToASCII(text) || domainToASCII(plainText(text));
  const labels = domain.split('.');
  const isName = labels.length > 1 && labels.every((part) => label.test(part));
  return isName && domain.length <= 253 && !/^\d+$/.test(labels.at(-1)!) ? domain : null;
}

function isLocalPart(name: string, domain: string): boolean {
  if (!localPart.test(name) || name.startsWith('.') || Buffer.byteLength(name) > longestLocalPart)
    return false;
  return domainsWithFreeDots.has(domain) || !/\.\.|\.$/.test(name);
}

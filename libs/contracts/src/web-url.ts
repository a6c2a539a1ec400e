/** Labels of letters, digits, hyphens and underscores, as a URL spells them: lower case, in Punycode. */
const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const hostName = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})*\\.?$`);
const address6 = /^\[[0-9a-f:.]+\]$/;
// A URL parser drops tabs and line ends wherever they are and blanks around it: what was checked by eye would not be
// what is called.
// oxlint-disable-next-line no-control-regex
const dropped = /[\u0000-\u001f\u007f]|^ | $/;

/**
 * An http or https URL whose host is a name or an address, without user and password; null for anything else. The
 * URL parser itself lets `*`, `;` and their like stand in a host, which a Content-Security-Policy reads as its own.
 */
export function parseWebUrl(text: string): URL | null {
  if (dropped.test(text) || !/^https?:\/\/[^/\\]/i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '';
  return isPlain && (hostName.test(url.hostname) || address6.test(url.hostname)) ? url : null;
}

export const webUrlForm = 'an http or https address with a valid host name';

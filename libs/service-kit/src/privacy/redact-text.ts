/** What stands in place of a person's data or of a secret, in logs and traces. */
export const hidden = '[hidden]';

/** Characters that are looked at: a stranger's text of a megabyte must cost neither time nor room in a log. */
const longest = 20_000;

type Rule = readonly [pattern: RegExp, replacement: string | ((...parts: string[]) => string)];

const schemes = String.raw`(?:https?|wss?|amqps?|postgres(?:ql)?|smtps?|redis)`;
const secretNames =
  'client_?secret|secret|password|passphrase|passcode|token|push_?token|access_?token|api[-_ ]?key|authorization|signature|phone|msisdn|e-?mail|recipient';

/** Applied in this order: an address is shortened as an address before its parts are looked at. */
const rules: readonly Rule[] = [
  // PostgreSQL: the values of a key, of a refused row, and what it could not read.
  [/\bKey (\(.{1,300}?\))=\(.*\)/g, `Key $1=(${hidden})`],
  [/Failing row contains \(.*\)/g, `Failing row contains (${hidden})`],
  [
    /\b(invalid [^"\n]{1,80}|[^"\n]{1,60} out of range|malformed [^"\n]{1,60}|syntax error in [^"\n]{1,40}): "[^\n]*"/g,
    `$1: "${hidden}"`,
  ],
  [/\bvalue "[^"\n]{0,500}" is/g, `value "${hidden}" is`],
  // V8's JSON.parse quotes the text that it was given.
  [/"[^\n]{0,100}"(?:\.{3})? is not valid JSON/g, `"${hidden}" is not valid JSON`],
  [new RegExp(String.raw`\b(${schemes}):\/\/[^\s"'<>\\]+`, 'gi'), (url) => shortened(url)],
  // What a route was asked for: a framework's "Cannot GET /v1/contacts/…".
  [/\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)([ :]+)\/[^\s"'\\]+/g, `$1$2/${hidden}`],
  [/(^|[^\w.])\/(c|l|g|u)\/[\w.~%-]{8,}/g, `$1/$2/${hidden}`],
  [/\/o\/([\w.~%-]+)\?[^\s"'<>\\]*/g, `/o/$1?${hidden}`],
  [/\b(Basic|Bearer|ApplePass|AttidoPass)\s+[\w+/.~=-]{8,}/gi, `$1 ${hidden}`],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, hidden],
  [/\bwhsec_[\w+/=-]+/g, hidden],
  [
    new RegExp(String.raw`\b(${secretNames})(["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"'&,;{}()[\]\\]{3,}`, 'gi'),
    `$1$2${hidden}`,
  ],
  // An e-mail address, also as addresses spell it (%40). Bounds keep the search linear.
  [/"[^"\n]{1,64}"@[\p{L}\p{N}.-]+/gu, hidden],
  [
    /[^\s"'<>()[\],:;\\/=&?@]{1,128}(?:@|%40)(?:[\p{L}\p{N}\p{M}-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63}/giu,
    (found) => (/\.\d+$/.test(found) ? found : hidden),
  ],
  // A phone number: with its country, as dialled abroad, as dialled at home, and as providers write it.
  [/(?<![\w])(?:\+|＋|%2B)[\s(]{0,2}[1-9](?:[\s().\-\u2010-\u2015]{0,3}\d){6,14}/gi, hidden],
  [/(?<![\w.:#-])0{1,2}[1-9](?:[ ()/\-\u2010-\u2015]{0,2}\d){8,13}(?![\w:])/g, hidden],
  // A card's or a phone's digits in one piece. Shorter ones are counts, times and ports.
  [/(?<![\w.#-])[1-9]\d{9,18}(?![\w:-]|\.\d)/g, hidden],
  [/(?<![\w.#-])\d{4}(?:[ -]\d{4}){2,3}(?:[ -]?\d{1,4})?(?![\w-])/g, hidden],
  // The token of a device, then tokens and secrets of ours: at least 120 random bits in base64url.
  [/(?<![\w-])[0-9a-f]{64,}(?![\w-])/gi, hidden],
  [
    /(?<![\w$-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{20,}(?![\w-])/g,
    (found) => (/^[A-Za-z]{2,5}_[0-9A-Za-z]+$/.test(found) ? found : hidden),
  ],
];

/**
 * A text without what names a person or opens something: e-mail addresses, phone and card numbers, credentials, the
 * tokens of links, the values that PostgreSQL quotes. It goes by how they look, so it is the last line of defence for
 * texts that others wrote (a provider's "Invalid number +44…"), not a reason to log them.
 */
export function redactText(text: string): string {
  let redacted = text.length > longest ? text.slice(0, longest) : text;
  for (const [pattern, replacement] of rules) redacted = redacted.replace(pattern, replacement as string);
  // What the cut went through may no longer look like what it was.
  return text.length > longest ? `${redacted.slice(0, -500)}…` : redacted;
}

/** A statement without the values that were written into it; `$1` and names stay. */
export const withoutLiterals = (statement: string): string =>
  statement.replace(/'(?:[^']|'')*'/g, "'…'").replace(/(?<![\w$.])\d{5,}(?![\w.])/g, '…');

/** Of an address in a text: where it points to. Its credentials, its query and what may be a token are left out. */
function shortened(url: string): string {
  const [, scheme, host, path = ''] = /^(\w+:\/\/)(?:[^/?#]*@)?([^/?#]*)([^?#]*)/.exec(url) ?? [];
  if (scheme === undefined) return hidden;
  const segments = path
    .split('/')
    .map((segment, index, all) => (mayName(segment, all[index - 1]) ? hidden : segment));
  const rest = url.includes('?') || url.includes('#') ? `?${hidden}` : '';
  return `${scheme}${host}${segments.join('/')}${rest}`;
}

/** Whether a segment may be a token or a person: long, with an @ or a run of digits, or behind one of our short links. */
const mayName = (segment: string, before: string | undefined): boolean =>
  segment.length > 0 &&
  (segment.length > 30 ||
    /@|%40|%2B|\+|\d{6}/i.test(segment) ||
    (segment.length >= 20 && !/[-_.]/.test(segment)) ||
    (segment.length >= 16 && /\d/.test(segment) && /[A-Za-z]/.test(segment)) ||
    (segment.length >= 8 && before !== undefined && /^[clgu]$/.test(before)));

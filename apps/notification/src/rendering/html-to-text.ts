/** Whose content is nothing to read. */
const unread = new Set(['head', 'style', 'script', 'title']);
const ending = new Set(['p', 'div', 'tr', 'table', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,6})|([a-z]{2,4}));/g, (whole, code?: string, name?: string) => {
    if (code === undefined) return Object.hasOwn(named, name!) ? named[name!] : whole;
    return Number(code) <= 0x10ffff && Number(code) > 31 ? String.fromCodePoint(Number(code)) : '';
  });

/**
 * What a mail's HTML says, for those who read text: paragraphs, list items, and each link's address behind its words.
 * One pass: the HTML may be anything.
 */
export function textOfHtml(html: string): string {
  const out: string[] = [];
  let link: { href: string; from: number } | null = null;
  let at = 0;
  while (at < html.length) {
    const begin = html.indexOf('<', at);
    out.push(decoded(html.slice(at, begin < 0 ? html.length : begin).replace(/\s+/g, ' ')));
    if (begin < 0) break;
    const comment = html.startsWith('<!--', begin);
    const end = html.indexOf(comment ? '-->' : '>', begin);
    if (end < 0) break;
    at = end + (comment ? 3 : 1);
    const [, slash, name = ''] = /^<(\/?)([a-z][a-z0-9]*)/i.exec(html.slice(begin, begin + 20)) ?? [];
    const tag = name.toLowerCase();
    if (comment || tag === '') continue;
    if (!slash && unread.has(tag)) {
      const close = indexOfEnd(html, tag, at);
      if (close < 0) break;
      at = close;
    } else if (tag === 'a' && !slash) link = { href: hrefOf(html.slice(begin, end)), from: out.length };
    else if (tag === 'a' && link) {
      const words = out.slice(link.from).join('').trim();
      if (/^(https?|mailto|tel):/.test(link.href) && !words.includes(link.href))
        out.push(words === '' ? link.href : ` (${link.href})`);
      link = null;
    } else if (tag === 'br') out.push('\n');
    else if (tag === 'li' && !slash) out.push('\n- ');
    else if (ending.has(tag) && slash) out.push(tag === 'tr' ? '\n' : '\n\n');
  }
  return tidy(out.join(''));
}

function indexOfEnd(html: string, tag: string, from: number): number {
  for (let at = html.indexOf('</', from); at >= 0; at = html.indexOf('</', at + 2))
    if (html.slice(at + 2, at + 2 + tag.length).toLowerCase() === tag) return at;
  return -1;
}

const hrefOf = (tag: string): string => {
  const [, quoted, single] = /\shref\s{0,3}=\s{0,3}(?:"([^"]*)"|'([^']*)')/i.exec(tag) ?? [];
  return decoded(quoted ?? single ?? '').trim();
};

const tidy = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

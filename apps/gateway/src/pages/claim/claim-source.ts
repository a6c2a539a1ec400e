import type { IssueRequest } from '@tearoff/contracts';

type Source = NonNullable<IssueRequest['source']>;

/** What a link to the page may carry, and what of a source it says. */
const parameters = {
  utm_source: 'site',
  utm_medium: 'medium',
  utm_campaign: 'ad',
  utm_content: 'location',
} as const;

type Query = Record<string, unknown>;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() ? value.replaceAll('\0', '').trim().slice(0, 200) : undefined;

/** Where a visitor comes from: `?s=site:ad` as short as a poster needs it, or the usual `utm_…`. */
export function sourceOf(query: Query): Source | undefined {
  const source: Source = {};
  for (const [name, member] of Object.entries(parameters)) {
    const text = textOf(query[name]);
    if (text !== undefined) source[member] = text;
  }
  const short = textOf(query.s);
  if (short !== undefined) {
    const [site, ...ad] = short.split(':');
    if (site) source.site = site;
    if (ad.length > 0) source.ad = ad.join(':');
  }
  return Object.keys(source).length > 0 ? source : undefined;
}

/** The part of the address that a form must send along, so that its answer knows the same. */
export function keptQuery(query: Query): string {
  const kept = new URLSearchParams();
  for (const name of ['s', 'lang', ...Object.keys(parameters)]) {
    const text = textOf(query[name]);
    if (text !== undefined) kept.set(name, text);
  }
  return kept.size > 0 ? `?${kept.toString()}` : '';
}

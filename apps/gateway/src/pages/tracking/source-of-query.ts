import type { Static } from '@sinclair/typebox';
import type { Source } from '@tearoff/contracts';
import { isStorable } from '@tearoff/service-kit';

export type SourceValue = Static<typeof Source>;
type Query = Record<string, unknown>;

const positions = ['medium', 'site', 'ad', 'location'] as const;
/** Each member of a source by the parameters that may name it; the first that is there counts. */
const named: Record<(typeof positions)[number] | 'term', readonly string[]> = {
  medium: ['medium', 'utm_medium'],
  site: ['site', 'utm_source'],
  ad: ['ad', 'utm_campaign'],
  location: ['location', 'utm_content'],
  term: ['utm_term'],
};
const longest = 100;

/**
 * Where a visitor comes from, by their link: `s=medium:site:ad:location` (the rest may be left out, `%3A` is a colon
 * that separates nothing), or by name, `medium=`, `site=`, `ad=`, `location=` or the `utm_*` of other tools, which
 * count before `s`. What is empty or cannot be stored is left out, what is too long is cut: it is a stranger's.
 */
export function sourceOfQuery(query: Query): SourceValue {
  const source: Record<string, string> = {};
  const placed = (textOf(query.s) ?? '').split(':', positions.length).map(decoded);
  for (const [member, names] of Object.entries(named)) {
    const told = names.map((name) => textOf(query[name])).find((text) => text);
    const text = told ?? placed[positions.indexOf(member as (typeof positions)[number])];
    const value = text?.trim().slice(0, longest).trim();
    if (value && isStorable(value)) source[member] = value;
  }
  return source;
}

/** `s` such that `sourceOfQuery` reads the same source from it; null for an empty one. */
export function sourceParameter(source: SourceValue): string | null {
  const parts = positions.map((name) => (source[name] ?? '').replace(/[%:]/g, encodeURIComponent));
  while (parts.at(-1) === '') parts.pop();
  return parts.length === 0 ? null : parts.join(':');
}

/** A parameter given twice is an array: the first one counts. */
function textOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import type { RecordCallback, RequestOf } from '@tearoff/contracts';

export type Fields = Readonly<Record<string, unknown>>;

/** What a callback says, by the way it came: a JSON object or a form in its body, else its query. Null = neither. */
export function fieldsOf({ body, contentType, query }: RequestOf<typeof RecordCallback>): Fields | null {
  if (body === '') return query;
  return contentType.toLowerCase().includes('json')
    ? jsonObjectOf(body)
    : Object.fromEntries(new URLSearchParams(body));
}

export function jsonObjectOf(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

/** A field as a text that PostgreSQL can keep; null when it is none, or empty. */
export function textIn(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value.replaceAll('\0', '').slice(0, 2_000) : null;
}

/** No SMS is older (GSM's first was sent in 1992); and PostgreSQL cannot keep every instant that JavaScript can. */
const earliest = Date.UTC(1992, 0);

/** The vendor's instant (ISO 8601, or `2020-01-31 23:59:59` in UTC); now when it has none that can be, or one to come. */
export function instantIn(value: unknown): Date {
  const text = textIn(value) ?? '';
  const at = Date.parse(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? `${text.replace(' ', 'T')}Z` : text);
  return new Date(at >= earliest ? Math.min(at, Date.now()) : Date.now());
}

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

/** The vendor's instant (ISO 8601, or `2020-01-31 23:59:59` in UTC); now when it has none, or one to come. */
export function instantIn(value: unknown): Date {
  const text = textIn(value) ?? '';
  const at = Date.parse(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? `${text.replace(' ', 'T')}Z` : text);
  return new Date(Math.min(Number.isNaN(at) ? Date.now() : at, Date.now()));
}

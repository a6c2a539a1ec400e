/**
 * JSON text of a value from outside as the database takes it: jsonb knows neither U+0000 nor half a surrogate pair,
 * and one such letter in a parameter would fail its event for ever.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return /\\u(0000|d[89a-f])/i.test(text) ? JSON.stringify(clean(JSON.parse(text))) : text;
}

export const cleanText = (text: string): string => Buffer.from(text.replaceAll('\0', '')).toString();

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [cleanText(name), clean(member)]));
}

/** What a link to the page may carry; `sourceOfQuery` reads it. */
const names = [
  's',
  'lang',
  'medium',
  'site',
  'ad',
  'location',
  'utm_medium',
  'utm_source',
  'utm_campaign',
  'utm_content',
  'utm_term',
];

/** The part of the address that a form must send along, so that its answer knows the same. */
export function keptQuery(query: Record<string, unknown>): string {
  const kept = new URLSearchParams();
  for (const name of names) {
    const value = query[name];
    if (typeof value === 'string' && value.trim()) kept.set(name, value.slice(0, 400));
  }
  return kept.size > 0 ? `?${kept.toString()}` : '';
}

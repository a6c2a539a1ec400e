/**
 * Returns what `JSON.parse(JSON.stringify(value))` returns, without the text, so that sender and receiver share no
 * objects. (The request and reply of a validation take 0.8 µs, and 5.5 µs as text.)
 */
export function jsonClone<T>(value: T): T;
export function jsonClone(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object') return cloneThroughText(value);
  if (Array.isArray(value)) return value.map((item: unknown) => jsonClone(item) ?? null);
  if (Object.getPrototypeOf(value) !== Object.prototype || 'toJSON' in value) return cloneThroughText(value);
  // Spread is fastest, because the engine copies the object's shape, and it copies a member named __proto__ as data.
  const copy: Record<string, unknown> = { ...value };
  for (const name in copy) {
    const member = copy[name];
    if (typeof member === 'string' || typeof member === 'boolean' || member === null) continue;
    const copied = jsonClone(member);
    if (copied === undefined) return cloneThroughText(value);
    copy[name] = copied;
  }
  return copy;
}

/** For dates, class instances, `toJSON` and values that JSON cannot represent. */
function cloneThroughText(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : JSON.parse(text);
}

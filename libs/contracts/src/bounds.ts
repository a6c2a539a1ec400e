import type { FieldError } from './errors';

/**
 * How large a free JSON object may be. `depth`: levels of objects and lists, its own among them. `members`: of all
 * objects and lists in it together. `bytes`: as JSON in UTF-8.
 */
export interface Bounds {
  depth: number;
  members: number;
  bytes: number;
}

/** Kept with a coupon and shown with it: notes of the caller's, not documents. */
export const metadataBounds: Bounds = { depth: 5, members: 500, bytes: 16_384 };
/** What templates and workflows read: an order with all of its lines. */
export const dataBounds: Bounds = { depth: 10, members: 5_000, bytes: 131_072 };
/** What is held of a person; `contact.fields_too_large` bounds what is kept in all. */
export const contactBounds: Bounds = { depth: 30, members: 20_000, bytes: 131_072 };
/** A workflow tells a template the event's data and its own together. */
export const messageBounds: Bounds = { depth: 10, members: 10_000, bytes: 262_144 };

/**
 * The first bound that `value` breaks, or null; its path is the place that is nested too deeply, else `value` itself.
 * Stops at the first member too many.
 */
export function boundFault(bounds: Bounds, value: unknown): FieldError | null {
  const count = new Count(bounds);
  const deep = count.tooDeep(value, 1);
  if (deep !== null) return { path: deep, message: `is nested more than ${bounds.depth} levels deep` };
  if (count.members > bounds.members)
    return { path: '', message: `must not have more than ${bounds.members} members in all` };
  if (Buffer.byteLength(JSON.stringify(value) ?? '') > bounds.bytes)
    return { path: '', message: `must not be larger than ${bounds.bytes} bytes as JSON` };
  return null;
}

class Count {
  members = 0;

  constructor(private readonly bounds: Bounds) {}

  /** The JSON Pointer of the first place below the last level; null where there is none, or too much to look at. */
  tooDeep(value: unknown, level: number): string | null {
    if (typeof value !== 'object' || value === null) return null;
    if (level > this.bounds.depth) return '';
    for (const name of Object.keys(value)) {
      if (++this.members > this.bounds.members) return null;
      const path = this.tooDeep((value as Record<string, unknown>)[name], level + 1);
      if (path !== null) return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}${path}`;
    }
    return null;
  }
}

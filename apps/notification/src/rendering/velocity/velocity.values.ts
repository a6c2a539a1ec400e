import type { Budget } from './velocity.budget';

/** Text that is HTML already; see `$htmlTool.raw`. */
export class RawHtml {
  constructor(readonly html: string) {}
}

/** All that an expression can be: JSON, as the data came, or nothing. */
export type Value = null | undefined | string | number | boolean | RawHtml | Value[] | ValueMap;
export interface ValueMap {
  [name: string]: Value;
}

export const isMap = (value: Value): value is ValueMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RawHtml);

/** A member of the data itself, never one that an object was born with. */
export function memberOf(value: Value, name: Value): Value {
  if (Array.isArray(value)) {
    const at = numberOf(name);
    return at !== undefined && Number.isInteger(at) ? value[at < 0 ? value.length + at : at] : undefined;
  }
  if (!isMap(value) || (typeof name !== 'string' && typeof name !== 'number')) return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '' || value.length > 40) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** As Velocity 2 has it: nothing, false, zero and what is empty are not. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Of a list or map nothing: what it would say of itself is the data's to choose. */
export const scalarText = (value: Value): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** Numbers by their size, however they are written; lists and maps only as the very same. */
export function isEqual(a: Value, b: Value): boolean {
  if (a === b || ((a ?? null) === null && (b ?? null) === null)) return true;
  if (typeof a === 'boolean' || typeof b === 'boolean') return scalarText(a) === scalarText(b);
  const [left, right] = [numberOf(a), numberOf(b)];
  return left !== undefined && left === right;
}

/** As it is printed; Java's way for lists and maps, which is what templates of this kind were written for. */
export function textOf(value: Value, budget: Budget, depth = 0): string {
  budget.step();
  if (value === null || value === undefined) return depth > 0 ? 'null' : '';
  if (value instanceof RawHtml) return value.html;
  if (depth > 20) return '…';
  if (Array.isArray(value))
    return budget.text(`[${value.map((item) => textOf(item, budget, depth + 1)).join(', ')}]`);
  if (isMap(value)) {
    const members = Object.entries(value).map(
      ([name, member]) => `${name}=${textOf(member, budget, depth + 1)}`,
    );
    return budget.text(`{${members.join(', ')}}`);
  }
  return String(value);
}

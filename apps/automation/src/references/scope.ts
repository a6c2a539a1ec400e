import type { ContactInput } from '@tearoff/contracts';

/** What the values of a definition may refer to. */
export interface Facts {
  event: string;
  key: string;
  params: Record<string, unknown>;
  contact: ContactInput | null;
  /** Outputs of the steps behind, by the step's name. */
  steps: Record<string, unknown>;
}

const roots = ['event', 'key', 'params', 'contact', 'steps'] as const;
type Root = (typeof roots)[number];

const isRoot = (name: string): name is Root => (roots as readonly string[]).includes(name);

/** A class, so that anyone who holds one knows it from an item of a list. */
export class Scope {
  constructor(readonly facts: Facts) {}

  /** `contact.phone`; a path that begins with none of the roots is a parameter's (`code`). Null where nothing is. */
  lookUp(path: string): unknown {
    const [first, ...rest] = path.split('.');
    if (!isRoot(first)) return memberOf(this.facts.params, [first, ...rest]);
    // A parameter of the caller's may be called `event` or `key` too; those two have no members.
    return memberOf(this.facts[first], rest);
  }
}

/** Only what the data themselves have: neither prototypes nor a text's length. */
export function memberOf(value: unknown, path: readonly string[]): unknown {
  let current: unknown = value;
  for (const name of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return null;
    if (Array.isArray(current) && !/^\d+$/.test(name)) return null;
    current = (current as Record<string, unknown>)[name];
  }
  return current ?? null;
}

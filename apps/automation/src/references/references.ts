import type { Scope } from './scope';

const embedded = /\$\{([^{}]{1,200})\}/g;
const whole = /^\$\{([^{}]{1,200})\}$/;

/** The path of a text that is one reference and nothing else. */
export const referenceOf = (text: string): string | null => whole.exec(text)?.[1].trim() ?? null;

/**
 * A value with its references filled in. One that stands alone keeps its type, null where nothing is; within a text
 * nothing prints nothing, and objects print as JSON. What is filled in is not read for references again.
 */
export function render(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return renderText(value, scope);
  if (Array.isArray(value)) return value.map((item) => render(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, render(member, scope)]));
}

function renderText(text: string, scope: Scope): unknown {
  const alone = referenceOf(text);
  if (alone !== null) return scope.lookUp(alone);
  return text.replace(embedded, (_, path: string) => printed(scope.lookUp(path.trim())));
}

const printed = (value: unknown): string =>
  value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** Every reference in a value, with the JSON Pointer of the text it is in. */
export function referencesIn(value: unknown, path = ''): { path: string; reference: string }[] {
  if (typeof value === 'string')
    return [...value.matchAll(embedded)].map(([, reference]) => ({ path, reference: reference.trim() }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    referencesIn(member, `${path}/${pointerPart(name)}`),
  );
}

/** RFC 6901. */
export const pointerPart = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

import type { Static } from '@sinclair/typebox';
import type { Source } from '@tearoff/contracts';

const positions = ['medium', 'site', 'ad', 'location'] as const;

/**
 * A source as one text, the same for the same source: `medium:site:ad:location`, what is empty at the end left out,
 * then `;name=value` of whatever else it has, by name. `%`, `:`, `;` and `=` inside a part are percent-encoded. An
 * empty source is the empty text.
 */
export function sourceKey(source: Static<typeof Source> | null): string {
  if (!source) return '';
  const named = source as Record<string, string | undefined>;
  const placed = positions.map((name) => escaped(named[name] ?? ''));
  while (placed.at(-1) === '') placed.pop();
  const others = Object.keys(named)
    .filter((name) => !(positions as readonly string[]).includes(name) && named[name])
    .sort()
    .map((name) => `;${escaped(name)}=${escaped(named[name]!)}`);
  return placed.join(':') + others.join('');
}

const escaped = (text: string): string =>
  text.replace(/[%:;=]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

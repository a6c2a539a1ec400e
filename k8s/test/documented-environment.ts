import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of the variables that docs/operations.md tells an operator about. */
export function documentedEnvironment(): Set<string> {
  const page = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
  const table = page.slice(page.indexOf('## Environment'));
  return new Set([...table.matchAll(/^\| `([A-Z][A-Z0-9_]+)` +\|/gm)].map((match) => match[1]));
}

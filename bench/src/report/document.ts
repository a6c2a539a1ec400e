import { readFileSync, writeFileSync } from 'node:fs';

const begin = '<!-- figures: written by npm run bench -->';
const end = '<!-- /figures -->';

/** Puts the report between the document's two markers. */
export function writeDocument(path: string, report: string): void {
  const text = readFileSync(path, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${path} has lost its markers ${begin} … ${end}`);
  writeFileSync(path, `${before}${begin}\n\n${report}\n\n${end}${after}`);
}

import { invalid, readImportedCode, type DomainError } from '@tearoff/contracts';
import { headerKey, headerKind, isPlainCode, saysCode, type HeaderKind } from './code-headers';

/** Where a file has its codes. `expires`: of the column with their ends, null = there is none. */
export interface CodeColumns {
  hasHeader: boolean;
  code: number;
  expires: number | null;
}

/** What the caller says of the file. `column`: a header, or a number from 1. */
export interface CodeColumnChoice {
  column?: string;
  header?: 'yes' | 'no';
}

const maxShown = 50;

/**
 * Where the codes are, told from the first records of a file. What could be a header or a code is asked back: a header
 * that is taken for a code is given to the first customer. Fails with `codes.header_unclear`, `codes.column_unclear`,
 * `codes.column_unknown`.
 */
export function codeColumnsOf(head: readonly (readonly string[])[], choice: CodeColumnChoice): CodeColumns {
  const [first = []] = head;
  const kinds = first.map(headerKind);
  const named = namedColumn(first, choice);
  const known = choice.header === 'no' ? [] : kinds;
  const hasKnown = known.some((kind) => kind === 'code' || kind === 'expires');
  const code = named ?? knownColumn(first, known) ?? onlyColumn(head, known);
  if (code === undefined) throw columnUnclear(first, hasKnown || choice.header === 'yes');
  const hasHeader = choice.header === 'yes' || hasKnown || known[code] === 'code' || isName(choice);
  if (!hasHeader && choice.header !== 'no') refuseUnclear(head, code, known[code]);
  const expires = hasHeader ? known.findIndex((kind, at) => kind === 'expires' && at !== code) : -1;
  return { hasHeader, code, expires: expires < 0 ? null : expires };
}

const isName = ({ column }: CodeColumnChoice): boolean => column !== undefined && !isNumber(column);
const isNumber = (column: string): boolean => /^\d{1,4}$/.test(column);

/** The column that the caller names. */
function namedColumn(first: readonly string[], { column, header }: CodeColumnChoice): number | undefined {
  if (column === undefined) return undefined;
  const byName = header === 'no' ? -1 : first.findIndex((cell) => headerKey(cell) === headerKey(column));
  if (byName >= 0 && headerKey(column) !== '') return byName;
  const at = isNumber(column) ? Number(column) - 1 : -1;
  if (at < 0 || at >= first.length) throw columnUnknown(first);
  return at;
}

/** By its header: `code` itself before other words for it; those that may mean something else last. */
function knownColumn(
  first: readonly string[],
  kinds: readonly (HeaderKind | undefined)[],
): number | undefined {
  const at = (matches: (column: number) => boolean) => [...kinds.keys()].filter(matches);
  const plain = at((column) => kinds[column] === 'code' && isPlainCode(first[column]));
  if (plain.length === 1) return plain[0];
  const codes = at((column) => kinds[column] === 'code');
  const spoken = codes.filter((column) => saysCode(first[column]));
  if (codes.length > 0) return codes.length === 1 ? codes[0] : spoken.length === 1 ? spoken[0] : undefined;
  const weak = at((column) => kinds[column] === 'weak');
  return kinds.includes('expires') && weak.length === 1 ? weak[0] : undefined;
}

/** The one that is not empty. */
function onlyColumn(
  head: readonly (readonly string[])[],
  kinds: readonly (HeaderKind | undefined)[],
): number | undefined {
  if (kinds.includes('code')) return undefined;
  const width = Math.max(0, ...head.map((cells) => cells.length));
  const filled = Array.from({ length: width }, (_, at) => at).filter((at) =>
    head.some((cells) => (cells[at] ?? '').trim() !== ''),
  );
  return filled.length <= 1 ? (filled[0] ?? 0) : undefined;
}

function refuseUnclear(
  head: readonly (readonly string[])[],
  column: number,
  kind: HeaderKind | undefined,
): void {
  const [first, ...rest] = head.map((cells) => (cells[column] ?? '').trim());
  if (first === undefined || first === '') return;
  const read = readImportedCode(first);
  const isRounded = 'fault' in read && /rounded/.test(read.fault);
  const others = rest.filter((cell) => 'code' in readImportedCode(cell));
  if (isRounded || (!('fault' in read) && kind === undefined && !differs(first, others))) return;
  throw invalid(
    'codes.header_unclear',
    `Is the first line, "${shown(first)}", the header of the column or a code? Say so with ?header=yes or ?header=no.`,
    {
      errors: [{ path: '/header', message: 'must be yes or no, for the first line is unlike the others' }],
      columns: head[0].slice(0, maxShown).map(shown),
    },
  );
}

/** Whether a cell is of another kind than all of the others. */
function differs(first: string, others: readonly string[]): boolean {
  if (others.length === 0) return false;
  const has = (pattern: RegExp) => pattern.test(first);
  const all = (pattern: RegExp) => others.every((cell) => pattern.test(cell));
  const none = (pattern: RegExp) => others.every((cell) => !pattern.test(cell));
  if (none(/\p{L}/u) && has(/\p{L}/u)) return true;
  if (has(/\d/)) return false;
  const sameLength = others.every(({ length }) => length === others[0].length);
  return (
    all(/\d/) ||
    (none(/\s/) && has(/\s/)) ||
    (none(/[a-z]/) && has(/[a-z]/)) ||
    (others.length > 1 && sameLength && first.length !== others[0].length)
  );
}

const shown = (cell: string): string => cell.trim().slice(0, 60);

function columnUnclear(first: readonly string[], hasHeader: boolean): DomainError {
  const message = hasHeader
    ? 'Which column has the codes? Name its header with ?column=.'
    : 'Which column has the codes? Give its header, or its number from 1, with ?column=.';
  return invalid('codes.column_unclear', message, {
    errors: [{ path: '/column', message: 'must name the column that has the codes' }],
    columns: first.slice(0, maxShown).map(shown),
  });
}

const columnUnknown = (first: readonly string[]): DomainError =>
  invalid('codes.column_unknown', 'The file has no such column.', {
    errors: [{ path: '/column', message: 'must be a header of the file, or a number from 1' }],
    columns: first.slice(0, maxShown).map(shown),
  });

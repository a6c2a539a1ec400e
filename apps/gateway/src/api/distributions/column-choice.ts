import { headerKey } from '../codes/code-headers';
import { DomainError, invalid } from '@tearoff/contracts';
import { listFields, type ListField } from './list-headers';

/** What a caller says of a column: its field, and its header or its number from 1. */
export interface ColumnChoice {
  field: ListField | `source.${string}`;
  column: string;
}

const maxShown = 100;
const fieldPattern = `(?:${listFields.join('|')}|source\\.[^:,]{1,100})`;
const oneChoice = new RegExp(`^(${fieldPattern}):(.+)$`, 's');
/** A comma that another field follows: headers may have commas themselves. */
const between = new RegExp(`,(?=\\s*${fieldPattern}:)`);

/** Reads `phone:Mobile 2,firstName:Vorname`. Fails with `request.invalid` where it is none, or names a field twice. */
export function columnChoices(map: string | undefined): ColumnChoice[] {
  if (map === undefined || map.trim() === '') return [];
  const choices = map.split(between).map((part): ColumnChoice => {
    const [, field, column] = oneChoice.exec(part.trim()) ?? [];
    if (field === undefined || column.trim() === '') throw wrongMap(`"${shown(part)}" is no field:column`);
    return { field: field as ColumnChoice['field'], column: column.trim() };
  });
  const twice = choices.find(({ field }, at) => choices.findIndex((other) => other.field === field) !== at);
  if (twice) throw wrongMap(`${twice.field} is named twice`);
  return choices;
}

/** Of each choice the column, counted from 0. Fails with `list.column_unknown`. */
export function chosenColumns(
  header: readonly string[],
  choices: readonly ColumnChoice[],
): Map<number, string> {
  const columns = new Map<number, string>();
  for (const { field, column } of choices) {
    const at = columnOf(header, column);
    if (at === undefined) throw columnUnknown(header, column);
    if (columns.has(at)) throw wrongMap(`${columns.get(at)} and ${field} name the same column`);
    columns.set(at, field);
  }
  return columns;
}

/** As it is written, before any other spelling of it, before its number. */
function columnOf(header: readonly string[], column: string): number | undefined {
  const key = headerKey(column);
  const exact = header.findIndex((cell) => cell.trim() === column);
  const alike = key === '' ? -1 : header.findIndex((cell) => headerKey(cell) === key);
  const number = /^\d{1,4}$/.test(column) ? Number(column) - 1 : -1;
  return [exact, alike, number].find((at) => at >= 0 && at < header.length);
}

const shown = (text: string): string => text.trim().slice(0, 60);
export const shownColumns = (header: readonly string[]): string[] => header.slice(0, maxShown).map(shown);

const wrongMap = (fault: string): DomainError =>
  new DomainError('request.invalid', 'invalid', 'The query is not valid.', {
    errors: [{ path: '/map', message: `must be such as phone:Mobile 2,firstName:Vorname; ${fault}` }],
  });

const columnUnknown = (header: readonly string[], column: string): DomainError =>
  invalid('list.column_unknown', `The file has no column "${shown(column)}".`, {
    errors: [{ path: '/map', message: 'must name headers of the file, or numbers from 1' }],
    columns: shownColumns(header),
  });

export const columnUnclear = (
  header: readonly string[],
  field: string,
  names: readonly string[],
): DomainError =>
  invalid(
    'list.column_unclear',
    `Which column is ${field}: ${names.map((name) => `"${shown(name)}"`).join(' or ')}? Say so with ?map=${field}:….`,
    {
      errors: [{ path: '/map', message: `must name the column that is ${field}` }],
      columns: shownColumns(header),
    },
  );

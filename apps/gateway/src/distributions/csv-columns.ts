import { DomainError, type FieldError } from '@tearoff/contracts';
import { isStorable, unstorableText } from '../http/json-body';

const named = [
  'phone',
  'email',
  'externalId',
  'firstName',
  'lastName',
  'country',
  'languageCode',
  'code',
  'offerId',
];
const names = new Map(named.map((name) => [name.toLowerCase(), name]));
const people = ['phone', 'email', 'externalId'];
const maxSources = 20;
const maxMetadata = 50;
const maxColumns = 500;

type Column = { group: 'row' | 'source' | 'metadata'; name: string } | null;

/** What each column of a CSV list is, by its header: a field of ours, a `source.*`, or else metadata. */
export class CsvColumns {
  private constructor(private readonly columns: readonly Column[]) {}

  /** Fails when nobody could be named, or a column is there twice. */
  static of(header: readonly string[], line: number): CsvColumns {
    const fault = (message: string) => unusable([{ path: `/lines/${line}`, message }]);
    if (header.length > maxColumns) throw fault(`has more than ${maxColumns} columns`);
    const columns = header.map(columnOf);
    if (!isStorable(header)) throw fault(unstorableText);
    const has = (group: string) => columns.filter((column) => column?.group === group);
    if (!has('row').some((column) => people.includes(column!.name)))
      throw fault('names none of the columns phone, email and externalId');
    const keys = columns.flatMap((column) => (column ? [`${column.group}.${column.name}`] : []));
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice !== undefined) throw fault(`names ${twice.replace(/^(row|metadata)\./, '')} twice`);
    if (has('source').length > maxSources) throw fault(`has more than ${maxSources} columns of source`);
    if (has('metadata').length > maxMetadata)
      throw fault(`has more than ${maxMetadata} columns that are none of ours`);
    return new CsvColumns(columns);
  }

  /** A record as a JSON caller would write it; blank cells are absent. Null = it has more cells than the header. */
  rowOf(cells: readonly string[]): Record<string, unknown> | null {
    if (cells.slice(this.columns.length).some((cell) => cell.trim() !== '')) return null;
    const groups = { row: {}, source: {}, metadata: {} } as Record<string, Record<string, string>>;
    this.columns.forEach((column, index) => {
      const text = (cells[index] ?? '').trim();
      if (column && text !== '') groups[column.group][column.name] = text;
    });
    const { row, source, metadata } = groups;
    if (row.country !== undefined) row.country = row.country.toUpperCase();
    return {
      ...row,
      ...(Object.keys(source).length > 0 && { source }),
      ...(Object.keys(metadata).length > 0 && { metadata }),
    };
  }
}

function columnOf(header: string): Column {
  const text = header.trim();
  const own = names.get(text.toLowerCase());
  if (own) return { group: 'row', name: own };
  const source = /^source\.(.+)$/i.exec(text)?.[1].trim();
  const column: Column = source ? { group: 'source', name: source } : { group: 'metadata', name: text };
  return text === '' || column.name === '__proto__' ? null : column;
}

export const unusable = (errors: FieldError[]): DomainError =>
  new DomainError('request.invalid', 'invalid', 'The file is not readable as a list.', { errors });

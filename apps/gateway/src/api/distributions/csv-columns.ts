import { DomainError, type ErrorDetails, type FieldError } from '@tearoff/contracts';
import { headerKey } from '../codes/code-headers';
import { isStorable } from '@tearoff/service-kit';
import { unstorableText } from '../../http/body/json-body';
import { damageIn } from '../../http/body/lost-characters';
import { chosenColumns, columnUnclear, shownColumns, type ColumnChoice } from './column-choice';
import { countryOf, languageOf, unknownCountry } from './country-names';
import { meaningsOf, type HeaderMeaning, type ListField } from './list-headers';
import { cellText, emailText, idText, isRounded, phoneText, roundedNumber } from './spreadsheet-cells';

const people = ['phone', 'email', 'externalId'];
const maxSources = 20;
/** Address books export some ninety; of a row's own filled cells fifty may be metadata. */
const maxColumns = 250;

type Column = { group: 'row' | 'source' | 'metadata'; name: string } | null;

/** A column as it was understood. `field` null = none of ours: metadata, under its header. */
export interface ShownColumn {
  header: string;
  field: string | null;
}

/** Why a record could not be read. */
class RecordFault {
  constructor(readonly fault: string) {}
}
export const isUnread = (row: object): row is RecordFault => row instanceof RecordFault;

/** What each column of a CSV list is: what the caller says, what its header says, a `source.*`, or else metadata. */
export class CsvColumns {
  private constructor(
    private readonly columns: readonly Column[],
    private readonly header: readonly string[],
  ) {}

  /**
   * Fails when no one could be named or a column is there twice, and with `list.column_unknown`,
   * `list.column_unclear`.
   */
  static of(header: readonly string[], line: number, choices: readonly ColumnChoice[] = []): CsvColumns {
    const fault = (message: string, more: ErrorDetails = {}) =>
      unusable([{ path: `/lines/${line}`, message }], more);
    if (header.length > maxColumns) throw fault(`has more than ${maxColumns} columns`);
    if (!isStorable(header)) throw fault(unstorableText);
    const damage = damageIn(header);
    if (damage) throw fault(`has a header that ${damage.message}`);
    const columns = columnsOf(header, choices);
    const has = (group: string) => columns.filter((column) => column?.group === group);
    if (!has('row').some((column) => people.includes(column!.name)))
      throw fault(
        'names none of the columns phone, email and externalId, nor another word for them; say which it is with ?map=',
        { columns: shownColumns(header) },
      );
    const keys = columns.flatMap((column) => (column ? [`${column.group}.${column.name}`] : []));
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice !== undefined) throw fault(`names ${twice.replace(/^(row|metadata)\./, '')} twice`);
    if (has('source').length > maxSources) throw fault(`has more than ${maxSources} columns of source`);
    return new CsvColumns(columns, header);
  }

  /** As a dry run shows them. */
  get shown(): ShownColumn[] {
    return this.columns.map((column, at) => ({
      header: this.header[at].trim(),
      field: fieldOf(column),
    }));
  }

  /** A record as a JSON caller would write it; blank cells are absent. */
  rowOf(cells: readonly string[]): Record<string, unknown> | RecordFault {
    if (cells.slice(this.columns.length).some((cell) => cell.trim() !== ''))
      return new RecordFault('has more cells than the header has');
    const groups = { row: {}, source: {}, metadata: {} } as Record<string, Record<string, string>>;
    for (const [index, column] of this.columns.entries()) {
      if (!column) continue;
      const read =
        column.group === 'row'
          ? valueOf(column.name as ListField, cells[index] ?? '')
          : cellText(cells[index] ?? '');
      if (typeof read !== 'string') return read;
      if (read !== '') groups[column.group][column.name] = read;
    }
    const { row, source, metadata } = groups;
    return {
      ...row,
      ...(Object.keys(source).length > 0 && { source }),
      ...(Object.keys(metadata).length > 0 && { metadata }),
    };
  }
}

function fieldOf(column: Column): string | null {
  if (column?.group === 'row') return column.name;
  return column?.group === 'source' ? `source.${column.name}` : null;
}

function columnsOf(header: readonly string[], choices: readonly ColumnChoice[]): Column[] {
  const chosen = chosenColumns(header, choices);
  const fields = new Set(chosen.values());
  const meanings = meaningsOf(header).map((meaning, at) =>
    meaning === null || chosen.has(at) || fields.has(meaning.field) ? null : meaning,
  );
  return header.map((text, at) => {
    const field = chosen.get(at);
    if (field !== undefined) return named(field);
    const meaning = meanings[at];
    return meaning && isBest(header, meanings, at, meaning) ? named(meaning.field) : other(text);
  });
}

/** Whether no other column says the same more specifically. */
function isBest(
  header: readonly string[],
  meanings: readonly (HeaderMeaning | null)[],
  at: number,
  { field, rank }: HeaderMeaning,
): boolean {
  const rivals = [...meanings.keys()].filter((other) => other !== at && meanings[other]?.field === field);
  const isSame = (other: number) => headerKey(header[other]) === headerKey(header[at]);
  if (rivals.some((other) => meanings[other]!.rank < rank && !isSame(other))) return false;
  // The same header twice is a fault of the file, which is found as such.
  if (rivals.some(isSame)) return true;
  const equals = rivals.filter((other) => meanings[other]!.rank === rank);
  if (equals.length > 0)
    throw columnUnclear(
      header,
      field,
      [at, ...equals].map((each) => header[each]),
    );
  return true;
}

function named(field: string): Column {
  const source = /^source\.(.+)$/.exec(field)?.[1].trim();
  return source ? { group: 'source', name: source } : { group: 'row', name: field };
}

function other(header: string): Column {
  const text = header.trim();
  const source = /^source\.(.+)$/i.exec(text)?.[1].trim();
  const column: Column = source ? { group: 'source', name: source } : { group: 'metadata', name: text };
  return text === '' || column.name === '__proto__' ? null : column;
}

function valueOf(field: ListField, cell: string): string | RecordFault {
  switch (field) {
    case 'phone':
      return unlessRounded('phone', phoneText(cell));
    case 'externalId':
      return unlessRounded('externalId', idText(cell));
    case 'email':
      return emailText(cell);
    case 'country': {
      const text = cellText(cell);
      return text === '' ? '' : (countryOf(text) ?? new RecordFault(unknownCountry(text)));
    }
    case 'languageCode': {
      const text = cellText(cell);
      return languageOf(text) ?? text;
    }
    default:
      return cellText(cell);
  }
}

const unlessRounded = (field: string, text: string): string | RecordFault =>
  isRounded(text) ? new RecordFault(`recipient.${field}: ${roundedNumber(text)}`) : text;

export const unusable = (errors: FieldError[], more: ErrorDetails = {}): DomainError =>
  new DomainError('request.invalid', 'invalid', 'The file is not readable as a list.', { errors, ...more });

import { faultsOf, type FieldError, type ListRow } from '@tearoff/contracts';
import type { Static } from '@sinclair/typebox';
import { isStorable } from '@tearoff/service-kit';
import { unstorableText } from '../../http/body/json-body';
import { damageIn } from '../../http/body/lost-characters';
import { countryOf, unknownCountry } from './country-names';
import { DistributionRow } from './distribution.schema';

/** Some rows of a list on their way to issuance, in order; `faults` are those that could not be read. */
export interface ListChunk {
  rows: ListRow[];
  faults: FieldError[];
}

const chunkSize = 2_000;

/** A row as issuance takes it, or its fault. */
export function readRow(line: number, value: unknown): ListRow | FieldError {
  if (!isStorable(value)) return { path: `/lines/${line}`, message: unstorableText };
  const damage = damageIn(value);
  if (damage) return { path: `/lines/${line}`, message: `${damage.path} ${damage.message}` };
  const country = (value as { country?: unknown } | null)?.country;
  if (typeof country === 'string' && countryOf(country) !== country)
    return { path: `/lines/${line}`, message: unknownCountry(country) };
  const faults = faultsOf(DistributionRow, value);
  if (faults) return rowFault(line, faults);
  const { code, offerId, source, metadata, ...recipient } = value as Static<typeof DistributionRow>;
  return {
    line,
    recipient,
    ...(code !== undefined && { code }),
    ...(offerId !== undefined && { offerId }),
    ...(source !== undefined && { source }),
    ...(metadata !== undefined && { metadata }),
  };
}

export const isFault = (row: ListRow | FieldError): row is FieldError => 'path' in row;

function rowFault(line: number, [{ path, message }]: FieldError[]): FieldError {
  const name = path.slice(1).replaceAll('/', '.');
  return { path: `/lines/${line}`, message: name ? `${name} ${message}` : message };
}

/** Recipients of a JSON body, whose lines are their positions. */
export function* jsonChunks(recipients: readonly unknown[]): Generator<ListChunk> {
  for (let from = 0; from < recipients.length; from += chunkSize) {
    const read = recipients
      .slice(from, from + chunkSize)
      .map((value, index) => readRow(from + index + 1, value));
    yield {
      rows: read.filter((row): row is ListRow => !isFault(row)),
      faults: read.filter(isFault),
    };
  }
}

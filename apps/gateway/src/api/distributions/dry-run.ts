import type { Readable } from 'node:stream';
import { setImmediate as aTurn } from 'node:timers/promises';
import {
  normaliseRecipient,
  readImportedCode,
  recipientFaults,
  type Channel,
  type FieldError,
  type ListRow,
} from '@tearoff/contracts';
import type { Static } from '@sinclair/typebox';
import { csvChunks, type ListFile, type ListReading } from './csv-list';
import type { DryRun } from './distribution.schema';
import type { ListChunk } from './list-rows';

const maxRows = 20;
/** So many rows are looked at before other requests have their turn: parsing phone numbers takes its time. */
const rowsATurn = 200;

type ShownRow = Static<typeof DryRun>['rows'][number];

/**
 * What a list would come to, without a trace of it: how it was understood, and each row held against what its upload and
 * its being issued hold it against. What depends on the moment (limits, suppressions, what is left) is not looked at.
 */
export async function dryRun(
  chunks: AsyncIterable<ListChunk> | Iterable<ListChunk>,
  channel: Channel | 'none',
  file: () => ListFile | null,
): Promise<Static<typeof DryRun>> {
  const rows: ShownRow[] = [];
  const counts = { total: 0, faults: 0, warnings: 0 };
  let looked = 0;
  for await (const chunk of chunks) {
    for (const each of inOrder(chunk)) {
      const row = 'path' in each ? unread(each) : understood(each, channel);
      counts.total++;
      if ('fault' in row) counts.faults++;
      else if (row.warning) counts.warnings++;
      if (rows.length < maxRows) rows.push(row);
      if (++looked % rowsATurn === 0) await aTurn();
    }
  }
  const { columns = null, encoding = null, separator = null } = file() ?? {};
  return { columns, encoding, separator, ...counts, rows };
}

/** The same of an upload, all of which is read. */
export async function dryRunOfCsv(
  upload: Readable,
  reading: ListReading,
  channel: Channel | 'none',
): Promise<Static<typeof DryRun>> {
  let opened: ListFile | null = null;
  const chunks = csvChunks(upload, reading, (file) => (opened = file));
  return dryRun(chunks, channel, () => opened);
}

const lineOf = ({ path }: FieldError): number => Number(path.slice(path.lastIndexOf('/') + 1));

function inOrder({ rows, faults }: ListChunk): (ListRow | FieldError)[] {
  if (faults.length === 0) return rows;
  const at = (each: ListRow | FieldError) => ('path' in each ? lineOf(each) : each.line);
  return [...rows, ...faults].sort((a, b) => at(a) - at(b));
}

const unread = (fault: FieldError): ShownRow => ({
  line: lineOf(fault),
  fault: { code: 'row.invalid', message: fault.message },
});

function understood({ recipient: given, ...row }: ListRow, channel: Channel | 'none'): ShownRow {
  const { line } = row;
  const recipient = normaliseRecipient(given);
  if (typeof recipient === 'string')
    return { line, fault: { code: recipient, message: recipientFaults[recipient] } };
  const code = row.code === undefined ? null : readImportedCode(row.code);
  if (code && 'fault' in code)
    return { line, fault: { code: 'code.invalid', message: `The code ${code.fault}.` } };
  const address = channel === 'none' || recipient[channel === 'sms' ? 'phone' : 'email'];
  return address ? { ...row, recipient } : { ...row, recipient, warning: noAddress };
}

const noAddress = {
  code: 'recipient.no_address',
  message:
    'The row has no address for this channel: it is refused unless an earlier coupon of theirs has one.',
};

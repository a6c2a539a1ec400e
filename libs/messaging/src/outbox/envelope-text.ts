import type { Outgoing, Part } from '../transport';
import { deferred } from './deferred';

/** An outbox row as the relay reads it; `data` stays text from the table to the wire. */
export interface DueRow {
  seq: string;
  id: string;
  type: string;
  data: string;
  account: string | null;
  queue: string | null;
  attempt: number;
  created_at: Date;
}

/** The row as a CloudEvent, without parsing its data. */
export function envelopeText(row: DueRow, source: string): string {
  const attributes = {
    specversion: '1.0',
    id: row.id,
    type: row.type,
    source: `tearoff.${source}`,
    time: row.created_at.toISOString(),
    datacontenttype: 'application/json',
    ...(row.account && { account: row.account }),
    ...(row.attempt > 1 && { attempt: row.attempt }),
  };
  return `${JSON.stringify(attributes).slice(0, -1)},"data":${row.data}}`;
}

/** For everyone who listens, whether or not some of them have been told. */
const isForAll = ({ queue }: DueRow): boolean => queue === null || queue === deferred;

const maxEventsPerMessage = 50;
const maxBytesPerMessage = 256 * 1024;

export interface OutboundMessage {
  to: Outgoing['to'];
  body: string;
  rows: DueRow[];
}

/**
 * Events for one destination travel together, as a JSON array (CloudEvents batch format): fifty events a
 * message are relayed 3–5 × as fast as single ones. `part`: of everyone who listens.
 */
export function outboundMessagesOf(rows: readonly DueRow[], source: string, part?: Part): OutboundMessage[] {
  const open = new Map<string, { texts: string[]; bytes: number; rows: DueRow[] }>();
  const outboundMessages: OutboundMessage[] = [];
  const close = (key: string): void => {
    const group = open.get(key)!;
    const first = group.rows[0];
    outboundMessages.push({
      to: isForAll(first) ? { event: first.type, ...(part && { part }) } : { queue: first.queue! },
      body: `[${group.texts.join(',')}]`,
      rows: group.rows,
    });
    open.delete(key);
  };
  for (const row of rows) {
    const key = isForAll(row) ? `event ${row.type}` : `queue ${row.queue}`;
    const text = envelopeText(row, source);
    const group = open.get(key);
    if (group && (group.rows.length >= maxEventsPerMessage || group.bytes + text.length > maxBytesPerMessage))
      close(key);
    const target = open.get(key) ?? { texts: [], bytes: 0, rows: [] };
    target.texts.push(text);
    target.bytes += text.length;
    target.rows.push(row);
    open.set(key, target);
  }
  for (const key of open.keys()) close(key);
  return outboundMessages;
}

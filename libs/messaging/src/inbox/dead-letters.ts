import { conflict, notFound } from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import { insertOutboxRows, type Outbox } from '../outbox/outbox';
import type { Transaction } from '../outbox/transaction';
import { dataText, readBody, toJsonText, type ReceivedEvent } from './received-event';

/** A message that could not be handled. `body`: a JSON array of CloudEvents, or the received text if it was none. */
export interface DeadLetter {
  id: string;
  queue: string;
  eventId: string | null;
  type: string | null;
  body: string;
  reason: string;
  attempts: number;
  deadAt: Date;
}

const columns = `id, queue, event_id as "eventId", type, reason, attempts, dead_at as "deadAt"`;

/** A service's dead letters, to be read and, once their cause is fixed, replayed. */
export class DeadLetters {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  /** Newest first; `before`: only those with a lower id. */
  list({ limit = 50, before }: { limit?: number; before?: string } = {}): Promise<
    Omit<DeadLetter, 'body'>[]
  > {
    return this.dataSource.query(
      `select ${columns} from dead_letter where ($2::bigint is null or id < $2) order by id desc limit $1`,
      [limit, before ?? null],
    );
  }

  /** Fails with `dead_letter.not_found`. */
  async get(id: string): Promise<DeadLetter> {
    const [deadLetter] = await this.dataSource.query<DeadLetter[]>(
      `select ${columns}, body from dead_letter where id = $1`,
      [id],
    );
    if (!deadLetter) throw deadLetterNotFound();
    return deadLetter;
  }

  /** Deletes the account's dead letters whose body contains one of these names as a JSON string. */
  async erase(tx: Transaction, accountId: string, names: readonly string[]): Promise<void> {
    await tx.query(
      `delete from dead_letter where position($1 in body) > 0
         and exists (select from unnest($2::text[]) as name where position(name in body) > 0)`,
      [accountId, names.map((name) => JSON.stringify(name))],
    );
  }

  /**
   * Puts it back on its queue with attempt 1. Fails with `dead_letter.not_found`, or with `dead_letter.unreadable`;
   * then the dead letter is kept.
   */
  async replay(id: string): Promise<void> {
    await this.outbox.transaction(async (tx) => {
      const [[deadLetter]] = (await tx.query(
        `delete from dead_letter where id = $1 returning ${columns}, body`,
        [id],
      )) as [DeadLetter[], number];
      if (!deadLetter) throw deadLetterNotFound();
      await insertOutboxRows(
        tx,
        readEvents(deadLetter).map((event, index) => ({
          // A new id, because the inbox has recorded the old one as processed.
          id: `${event.id.split('~')[0]}~${deadLetter.id}${index ? `.${index}` : ''}${event.id.includes('#') ? '#r' : ''}`,
          type: event.type,
          data: dataText(event),
          account: event.account,
          queue: deadLetter.queue,
          attempt: 1,
          availableAt: null,
        })),
      );
    });
  }
}

const deadLetterNotFound = () => notFound('dead_letter.not_found', 'There is no such dead letter.');

function readEvents({ body }: DeadLetter): readonly ReceivedEvent[] {
  const { events, unreadable } = readBody(body);
  if (unreadable.length === 0) return events;
  throw conflict('dead_letter.unreadable', `It cannot be replayed because it is ${unreadable[0].reason}.`);
}

interface NewDeadLetter {
  queue: string;
  event?: ReceivedEvent;
  body: string;
  reason: string;
  attempts: number;
}

export async function insertDeadLetter(tx: Transaction, dead: NewDeadLetter): Promise<void> {
  await tx.query(
    `insert into dead_letter (queue, event_id, type, body, reason, attempts) values ($1, $2, $3, $4, $5, $6)`,
    [
      toStorableText(dead.queue, 300),
      dead.event ? toStorableText(dead.event.id, 300) : null,
      dead.event ? toStorableText(dead.event.type, 300) : null,
      toStorableText(dead.body),
      toStorableText(dead.reason, 4_000),
      dead.attempts,
    ],
  );
}

/** Replaces what PostgreSQL's text cannot store: NUL and lone surrogates. */
const toStorableText = (text: string, maxLength = Infinity): string =>
  text.slice(0, maxLength).replace(/\0|\p{Surrogate}/gu, '\uFFFD');

/** The event as a message body: a CloudEvents batch of one. */
export const toMessageBody = (event: ReceivedEvent, service: string): string =>
  toJsonText([
    {
      specversion: '1.0',
      id: event.id,
      type: event.type,
      source: `tearoff.${service}`,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      ...(event.account && { account: event.account }),
      data: { items: event.items, contexts: event.contexts },
    },
  ]);

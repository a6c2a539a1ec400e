import { conflict, notFound } from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import { insertOutboxRows, type Outbox } from '../outbox/outbox';
import type { Transaction } from '../outbox/transaction';
import { dataText, readBody, textOf, type ReceivedEvent } from './received-event';

/** A message that was given up on. `body`: a JSON array of CloudEvents, or whatever arrived if it was not one. */
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

/** What a service gave up on, to be read and, once its cause is mended, replayed. */
export class DeadLetters {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  /** Newest first, those before that id. */
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
    const [letter] = await this.dataSource.query<DeadLetter[]>(
      `select ${columns}, body from dead_letter where id = $1`,
      [id],
    );
    if (!letter) throw unknownDeadLetter();
    return letter;
  }

  /** Deletes what names one of these (as a JSON text) for that account. */
  async forget(tx: Transaction, accountId: string, names: readonly string[]): Promise<void> {
    await tx.query(
      `delete from dead_letter where position($1 in body) > 0
         and exists (select from unnest($2::text[]) as name where position(name in body) > 0)`,
      [accountId, names.map((name) => JSON.stringify(name))],
    );
  }

  /** Puts it back on its queue, as new. Fails with `dead_letter.not_found`; `dead_letter.unreadable`, and it stays. */
  async replay(id: string): Promise<void> {
    await this.outbox.transaction(async (tx) => {
      const [[letter]] = (await tx.query(`delete from dead_letter where id = $1 returning ${columns}, body`, [
        id,
      ])) as [DeadLetter[], number];
      if (!letter) throw unknownDeadLetter();
      await insertOutboxRows(
        tx,
        eventsIn(letter).map((event, index) => ({
          // A new id: the inbox remembers that the old one was settled.
          id: `${event.id.split('~')[0]}~${letter.id}${index ? `.${index}` : ''}${event.id.includes('#') ? '#r' : ''}`,
          type: event.type,
          data: dataText(event),
          account: event.account,
          queue: letter.queue,
          attempt: 1,
          availableAt: null,
        })),
      );
    });
  }
}

const unknownDeadLetter = () => notFound('dead_letter.not_found', 'There is no such dead letter.');

function eventsIn({ body }: DeadLetter): readonly ReceivedEvent[] {
  const { events, unreadable } = readBody(body);
  if (unreadable.length === 0) return events;
  throw conflict('dead_letter.unreadable', `It cannot be replayed, for it is ${unreadable[0].reason}.`);
}

interface DeadInput {
  queue: string;
  event?: ReceivedEvent;
  body: string;
  reason: string;
  attempts: number;
}

export async function insertDeadLetter(tx: Transaction, dead: DeadInput): Promise<void> {
  await tx.query(
    `insert into dead_letter (queue, event_id, type, body, reason, attempts) values ($1, $2, $3, $4, $5, $6)`,
    [
      storable(dead.queue, 300),
      dead.event ? storable(dead.event.id, 300) : null,
      dead.event ? storable(dead.event.type, 300) : null,
      storable(dead.body),
      storable(dead.reason, 4_000),
      dead.attempts,
    ],
  );
}

/** As PostgreSQL's text can hold it: without NUL and without half a surrogate pair. */
const storable = (text: string, maxLength = Infinity): string =>
  text.slice(0, maxLength).replace(/\0|\p{Surrogate}/gu, '\uFFFD');

/** The event alone, as a message's body. */
export const bodyOf = (event: ReceivedEvent, service: string): string =>
  textOf([
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

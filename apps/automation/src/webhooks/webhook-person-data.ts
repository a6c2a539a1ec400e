import { Injectable } from '@nestjs/common';
import { personIdentifiers } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import type { Person, PersonDataOwner } from '../people/person-data';

const most = 10_000;

/** Any of their names, or of their contacts' ids, as a whole text somewhere in the message. */
const ofPerson = `
  webhook_id in (select id from webhook where account_id = $1)
  and exists (select from unnest($2::text[]) as name where position(name in lower(body)) > 0)`;

const named = ({ accountId, ref, contactIds }: Person): [string, string[]] => [
  accountId,
  [...personIdentifiers(ref), ...contactIds].map((name) => JSON.stringify(name).toLowerCase()),
];

/** Of the people whom webhooks are told of. Read through, not by an index: it is asked seldom, and 30 days are kept. */
@Injectable()
export class WebhookPersonData implements PersonDataOwner {
  constructor(private readonly dataSource: DataSource) {}

  async held(person: Person): Promise<Record<string, Record<string, unknown>[]>> {
    const rows = await this.dataSource.query<{ body: string }[]>(
      `select id, webhook_id as "webhookId", status, body from webhook_attempt
       where ${ofPerson} order by id desc limit ${most}`,
      named(person),
    );
    return {
      webhookAttempts: rows.map(({ body, ...row }) => ({ ...row, body: JSON.parse(body) as unknown })),
    };
  }

  /** Also what was not delivered yet: it will not be. */
  async erase(tx: Transaction, person: Person): Promise<void> {
    await tx.query(`delete from webhook_attempt where ${ofPerson}`, named(person));
  }
}

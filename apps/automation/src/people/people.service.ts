import { Inject, Injectable } from '@nestjs/common';
import { personIdentifiers, newId, type PersonErasedItem, type PersonRef } from '@tearoff/contracts';
import { DeadLetters, type Transaction } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { contactView } from '../contacts/contact.entity';
import { findContacts, lockContacts } from '../contacts/contacts.sql';
import { EventEntity } from '../events/event.entity';
import { PersonDataOwners, type Person, type PersonDataOwner } from './person-data';

const most = 10_000;

@Injectable()
export class PeopleService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly deadLetters: DeadLetters,
    @Inject(PersonDataOwners) private readonly keepers: readonly PersonDataOwner[],
  ) {}

  async held(accountId: string, ref: PersonRef): Promise<Record<string, Record<string, unknown>[]>> {
    const contacts = await findContacts(this.dataSource, [{ accountId, ...ref }]);
    const person = { accountId, ref, contactIds: contacts.map(({ id }) => id) };
    const events = await this.dataSource
      .getRepository(EventEntity)
      .createQueryBuilder('event')
      .where('event.contactId = any(:ids)', { ids: person.contactIds })
      .orderBy('event.id', 'DESC')
      .limit(most)
      .getMany();
    const others = await Promise.all(this.keepers.map((keeper) => keeper.held(person)));
    return Object.assign(
      {
        contacts: contacts.map((row) => {
          const { accountId: _, ...contact } = contactView(row);
          return contact;
        }),
        events: events.map(({ accountId: _, at, ...event }) => ({ ...event, at: at.toISOString() })),
      },
      ...others,
    ) as Record<string, Record<string, unknown>[]>;
  }

  async erase(tx: Transaction, erased: readonly PersonErasedItem[]): Promise<void> {
    await lockContacts(
      tx,
      erased.map(({ accountId }) => accountId),
    );
    for (const { accountId, person: ref, at } of erased) {
      const contacts = await findContacts(tx, [{ accountId, ...ref }]);
      const person: Person = { accountId, ref, contactIds: contacts.map(({ id }) => id) };
      for (const keeper of this.keepers) await keeper.erase(tx, person);
      await forgetEvents(tx, person, at);
      await tx.query(`delete from contact where id = any($1::text[])`, [person.contactIds]);
      await this.deadLetters.erase(tx, accountId, personIdentifiers(ref));
    }
  }
}

/** So much earlier than the erasure an event may have found the contact that is gone by the time it is written. */
const underWayMs = 10 * 60_000;

/**
 * Also events that were under way when their contact was forgotten, and the keys that are names of theirs, of events that
 * were swept long ago.
 */
async function forgetEvents(
  tx: Transaction,
  { accountId, ref, contactIds }: Person,
  at: string,
): Promise<void> {
  await tx.query(
    `with theirs as (
       select id from event where contact_id = any($2::text[])
       union
       select id from event where id > $4 and account_id = $1
         and (contact ->> 'phone' = $5 or contact ->> 'email' = $6 or contact ->> 'externalId' = $7)
     ), gone as (
       delete from event where id in (select id from theirs) returning account_id, type, key
     ), named as (
       select account_id, type, key from gone
       union
       select account_id, type, name from event_type cross join unnest($3::text[]) as name where account_id = $1
     ), held as materialized (
       select account_id, type, key from event_key join named using (account_id, type, key)
       order by account_id, type, key for update of event_key
     )
     delete from event_key using held
     where event_key.account_id = held.account_id and event_key.type = held.type and event_key.key = held.key`,
    [
      accountId,
      contactIds,
      personIdentifiers(ref),
      newId('event', Date.parse(at) - underWayMs),
      ref.phone ?? null,
      ref.email ?? null,
      ref.externalId ?? null,
    ],
  );
}

import type { EventRecordedItem } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';

export interface TypeName {
  accountId: string;
  type: string;
}
export interface NamedKey extends TypeName {
  key: string;
}

export const textOf = ({ accountId, type, key }: NamedKey): string => `${accountId} ${type}\n${key}`;

/** What each of these types demands; types that nobody named before are made. */
export async function requiredParams(
  dataSource: DataSource,
  names: readonly TypeName[],
): Promise<Map<string, string[]>> {
  const known = new Map(names.map((name) => [typeText(name), name]));
  const rows = await prepared<{ accountId: string; type: string; requiredParams: string[] }>(
    dataSource,
    {
      name: 'event-types',
      text: `select account_id as "accountId", type, required_params as "requiredParams"
             from unnest($1::text[], $2::text[]) as asked (account_id, type) join event_type using (account_id, type)`,
    },
    columnsOf([...known.values()]),
  );
  for (const row of rows) known.delete(typeText(row));
  const fresh = [...known.values()];
  if (fresh.length > 0)
    await prepared(
      dataSource,
      {
        name: 'event-types-insert',
        text: `insert into event_type (account_id, type) select account_id, type
               from unnest($1::text[], $2::text[]) as fresh (account_id, type) order by account_id, type
               on conflict do nothing`,
      },
      columnsOf(fresh),
    );
  return new Map(rows.map((row) => [typeText(row), row.requiredParams]));
}

export const typeText = ({ accountId, type }: TypeName): string => `${accountId} ${type}`;

const columnsOf = (names: readonly TypeName[]): string[][] => [
  names.map(({ accountId }) => accountId),
  names.map(({ type }) => type),
];

// In the order of the index: two batches with the same keys wait for each other, and never crosswise.
const insertKeys = {
  name: 'event-keys-insert',
  text: `
    insert into event_key (account_id, type, key, event_id)
    select account_id, type, key, event_id
    from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as given (account_id, type, key, event_id)
    order by account_id, type, key
    on conflict do nothing
    returning account_id as "accountId", type, key`,
};

const readKeys = {
  name: 'event-keys',
  text: `
    select account_id as "accountId", type, key, event_id as "eventId"
    from unnest($1::text[], $2::text[], $3::text[]) as asked (account_id, type, key)
    join event_key using (account_id, type, key)`,
};

/** By `textOf`: the event that had each key first, of all there ever were. */
export async function firstOfKeys(
  tx: Transaction,
  keys: readonly (NamedKey & { eventId: string })[],
): Promise<Map<string, string>> {
  const first = new Map<string, NamedKey & { eventId: string }>();
  for (const key of keys) if (!first.has(textOf(key))) first.set(textOf(key), key);
  const named = [...first.values()];
  if (named.length === 0) return new Map();
  const values = [...columnsOf(named), named.map(({ key }) => key)];
  const made = await prepared<NamedKey & object>(tx, insertKeys, [
    ...values,
    named.map(({ eventId }) => eventId),
  ]);
  const firsts = new Map(named.map((key) => [textOf(key), key.eventId]));
  if (made.length === named.length) return firsts;
  for (const row of await prepared<NamedKey & { eventId: string }>(tx, readKeys, values))
    firsts.set(textOf(row), row.eventId);
  return firsts;
}

const insertEvents = {
  name: 'events-insert',
  text: `
    insert into event (id, account_id, type, key, contact_id, contact, params, at)
    select id, account_id, type, key, contact_id, contact::json, params::json, at
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
      as given (id, account_id, type, key, contact_id, contact, params, at)
    order by id
    on conflict do nothing
    returning id`,
};

/** The ids of those that were not there. */
export async function writeEvents(
  tx: Transaction,
  events: readonly EventRecordedItem[],
): Promise<Set<string>> {
  const rows = await prepared<{ id: string }>(tx, insertEvents, [
    events.map(({ eventId }) => eventId),
    events.map(({ accountId }) => accountId),
    events.map(({ type }) => type),
    events.map(({ key }) => key),
    events.map(({ contactId }) => contactId),
    events.map(({ contact }) => contact && JSON.stringify(contact)),
    events.map(({ params }) => JSON.stringify(params)),
    events.map(({ at }) => at),
  ]);
  return new Set(rows.map(({ id }) => id));
}

import { EventRecorded, newId, type EventRecordedItem, type MessageContext } from '@tearoff/contracts';
import { broadcastQueue, type Transaction } from '@tearoff/messaging';
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

/** What each of these types demands; types that no one named before are made. */
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

/** An event to be kept and told; `isFirst`: of its key in this batch. */
export interface EventRow extends TypeName {
  eventId: string;
  key: string | null;
  isFirst: boolean;
  item: Omit<EventRecordedItem, 'repeated'>;
  context: MessageContext;
}

/**
 * Keys, events and what is told of them in one statement: a batch is then one round trip, and when nobody's contact
 * changes a transaction of its own. Keys go in sorted, so that two batches with the same ones wait for each other
 * instead of deadlocking, and anyone who is second finds them taken.
 */
const statement = {
  name: 'events-record',
  text: `
    with given as materialized (
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::text[], $8::text[])
        with ordinality as given (id, account_id, type, key, is_first, contact_id, item, context, position)
    ), keys as (
      insert into event_key (account_id, type, key, event_id)
      select account_id, type, key, id from given where is_first order by account_id, type, key
      on conflict do nothing
      returning event_id
    ), judged as (
      select given.*, key is not null and not exists (select from keys where keys.event_id = given.id) as repeated
      from given
    ), events as (
      insert into event (id, account_id, type, key, contact_id, contact, params, at)
      select id, account_id, type, coalesce(key, id), contact_id, nullif((item::json -> 'contact')::text, 'null')::json,
             item::json -> 'params', (item::json ->> 'at')::timestamptz
      from given order by id
      on conflict do nothing
      returning id
    ), fresh as (
      select distinct on (judged.id) judged.* from judged join events using (id) order by judged.id, judged.position
    ), told as (
      insert into outbox (id, type, data, account, queue)
      select $9, $10,
             json_build_object(
               'items', json_agg((left(item, -1) || ',"repeated":' || repeated || '}')::json order by position),
               'contexts', json_agg(context::json order by position)),
             case when count(distinct account_id) = 1 then min(account_id) end, $11
      from fresh having count(*) > 0
    )
    select id, repeated from judged order by position`,
};

/** Whether each came before, in their order. Tell the outbox (`wake`) when it has committed. */
export async function recordEvents(
  target: DataSource | Transaction,
  rows: readonly EventRow[],
): Promise<boolean[]> {
  if (rows.length === 0) return [];
  const judged = await prepared<{ id: string; repeated: boolean }>(target, statement, [
    rows.map(({ eventId }) => eventId),
    rows.map(({ accountId }) => accountId),
    rows.map(({ type }) => type),
    rows.map(({ key }) => key),
    rows.map(({ isFirst }) => isFirst),
    rows.map(({ item }) => item.contactId),
    rows.map(({ item }) => JSON.stringify(item)),
    rows.map(({ context }) => JSON.stringify(context)),
    newId('event'),
    EventRecorded.type,
    broadcastQueue(EventRecorded.type),
  ]);
  return judged.map(({ repeated }) => repeated);
}

/** By `textOf`: the event that had each key first. */
export async function firstOfKeys(
  dataSource: DataSource,
  keys: readonly NamedKey[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await prepared<NamedKey & { eventId: string }>(
    dataSource,
    {
      name: 'event-keys',
      text: `select account_id as "accountId", type, key, event_id as "eventId"
             from unnest($1::text[], $2::text[], $3::text[]) as asked (account_id, type, key)
             join event_key using (account_id, type, key)`,
    },
    [...columnsOf(keys), keys.map(({ key }) => key)],
  );
  return new Map(rows.map((row) => [textOf(row), row.eventId]));
}

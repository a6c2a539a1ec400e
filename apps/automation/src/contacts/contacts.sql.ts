import { personKey, phoneKeySql } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import type { ContactEntity } from './contact.entity';

const columns = `contact.id, contact.account_id as "accountId", contact.phone, contact.email,
  contact.external_id as "externalId", contact.first_name as "firstName", contact.last_name as "lastName",
  contact.language_code as "languageCode", contact.timezone, contact.fields,
  contact.created_at as "createdAt", contact.updated_at as "updatedAt"`;

export interface Names {
  accountId: string;
  phone?: string;
  email?: string;
  externalId?: string;
}

// One arm a name: a join on any of the three would be no index's.
const findStatement = {
  name: 'contact-find',
  text: `
    with asked as materialized (
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as asked (account_id, phone, email, external_id))
    select ${columns} from asked join contact
      on contact.account_id = asked.account_id and ${phoneKeySql('contact.phone')} = asked.phone
    union all
    select ${columns} from asked join contact using (account_id, email) where asked.email is not null
    union all
    select ${columns} from asked join contact using (account_id, external_id) where asked.external_id is not null`,
};

/** Everyone who has one of the names, each once. */
export async function findContacts(
  target: DataSource | Transaction,
  names: readonly Names[],
): Promise<ContactEntity[]> {
  if (names.length === 0) return [];
  const rows = await prepared<ContactEntity & object>(target, findStatement, [
    names.map(({ accountId }) => accountId),
    names.map(({ phone }) => (phone === undefined ? null : personKey(phone))),
    names.map(({ email }) => email ?? null),
    names.map(({ externalId }) => externalId ?? null),
  ]);
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/**
 * Contacts of an account are written by one at a time, from here to the end of the transaction: with three names each,
 * two writers would else wait for each other crosswise, or both make them.
 */
export async function lockContacts(tx: Transaction, accountIds: Iterable<string>): Promise<void> {
  for (const accountId of [...new Set(accountIds)].sort())
    await prepared(
      tx,
      { name: 'contact-lock', text: `select pg_advisory_xact_lock(hashtextextended($1, 0))` },
      [`contacts ${accountId}`],
    );
}

const given = `
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                       $9::text[], $10::text[], $11::timestamptz[])
    as given (id, account_id, phone, email, external_id, first_name, last_name, language_code, timezone, fields, now)`;

const insertStatement = {
  name: 'contact-insert',
  text: `
    insert into contact (id, account_id, phone, email, external_id, first_name, last_name, language_code, timezone,
                         fields, created_at, updated_at)
    select id, account_id, phone, email, external_id, first_name, last_name, language_code, timezone,
           fields::jsonb, now, now
    from (${given}) as given`,
};

const updateStatement = {
  name: 'contact-update',
  text: `
    update contact set phone = given.phone, email = given.email, external_id = given.external_id,
           first_name = given.first_name, last_name = given.last_name, language_code = given.language_code,
           timezone = given.timezone, fields = given.fields::jsonb, updated_at = given.now
    from (${given}) as given where contact.id = given.id`,
};

const valuesOf = (contacts: readonly ContactEntity[]): unknown[] => [
  contacts.map(({ id }) => id),
  contacts.map(({ accountId }) => accountId),
  contacts.map(({ phone }) => phone),
  contacts.map(({ email }) => email),
  contacts.map(({ externalId }) => externalId),
  contacts.map(({ firstName }) => firstName),
  contacts.map(({ lastName }) => lastName),
  contacts.map(({ languageCode }) => languageCode),
  contacts.map(({ timezone }) => timezone),
  contacts.map(({ fields }) => JSON.stringify(fields)),
  contacts.map(({ updatedAt }) => updatedAt),
];

/** False when someone made one of them in the meantime; the others are there then. Each has one name. */
export async function insertWhereFree(
  dataSource: DataSource,
  created: Iterable<ContactEntity>,
): Promise<boolean> {
  const fresh = [...created];
  if (fresh.length === 0) return true;
  const rows = await prepared(
    dataSource,
    // Sorted: two batches with the same names wait for each other, and never crosswise.
    {
      name: 'contact-insert-free',
      text: `${insertStatement.text} order by account_id, external_id, email, ${phoneKeySql('phone')} on conflict do nothing returning id`,
    },
    valuesOf(fresh),
  );
  return rows.length === fresh.length;
}

/** Under `lockContacts`. */
export async function writeContacts(
  tx: Transaction,
  created: Iterable<ContactEntity>,
  changed: Iterable<ContactEntity>,
): Promise<void> {
  const fresh = [...created];
  const amended = [...changed];
  // First what others give up.
  if (amended.length > 0) await prepared(tx, updateStatement, valuesOf(amended));
  if (fresh.length > 0) await prepared(tx, insertStatement, valuesOf(fresh));
}

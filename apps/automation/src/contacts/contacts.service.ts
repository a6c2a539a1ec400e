import { Injectable } from '@nestjs/common';
import {
  contactKeys,
  DomainError,
  type Contact,
  type FindContact,
  type ReplyOf,
  type RequestOf,
  type SaveContacts,
  type SavedContact,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { DataSource, In } from 'typeorm';
import { ContactBook, keyOfName, type ContactName, type Saved } from './contact-book';
import { ContactEntity, contactView } from './contact.entity';
import { isWriteConflict, retryOnConflict } from '@tearoff/service-kit';
import { findContacts, insertWhereFree, lockContacts, writeContacts, type Names } from './contacts.sql';
import { toldContact, type ToldContact } from './told-contact';

/** So that whoever waits for the account's contacts does not wait for thousands of them. */
const contactsPerTransaction = 250;

export interface Told {
  accountId: string;
  told: ToldContact;
}
type Kept = Saved | DomainError | null;

@Injectable()
export class ContactsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  async save({
    accountId,
    contacts,
    dedupeOn,
  }: RequestOf<typeof SaveContacts>): Promise<ReplyOf<typeof SaveContacts>> {
    const results: SavedContact[] = [];
    for (let from = 0; from < contacts.length; from += contactsPerTransaction) {
      const judged = contacts.slice(from, from + contactsPerTransaction).map(toldContact);
      const good = judged.flatMap((told) => (told instanceof DomainError ? [] : [{ accountId, told }]));
      const kept = await retryOnConflict(
        () => this.outbox.transaction((tx) => this.keep(tx, good, dedupeOn)),
        isWriteConflict,
      );
      for (const told of judged) results.push(resultOf(told instanceof DomainError ? told : kept.shift()!));
    }
    return { results };
  }

  /** By the strongest of the names that are told. */
  async find(requests: readonly RequestOf<typeof FindContact>[]): Promise<(Contact | null)[]> {
    const asked = requests.map(({ accountId, ...names }) => ({ accountId, told: toldContact(names) }));
    const named = asked.filter((each): each is Told => !(each.told instanceof DomainError));
    const ids = requests.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const [byName, byId] = await Promise.all([
      findContacts(this.dataSource, named.map(namesOf)),
      ids.length > 0 ? this.dataSource.getRepository(ContactEntity).findBy({ id: In(ids) }) : [],
    ]);
    return requests.map(({ accountId, id }, index) => {
      const { told } = asked[index];
      const name = told instanceof DomainError ? undefined : strongestOf(told);
      const contact =
        id === undefined
          ? name &&
            byName.find(
              (row) => row.accountId === accountId && hasName(row, name, (told as ToldContact)[name]!),
            )
          : byId.find((row) => row.accountId === accountId && row.id === id);
      return contact ? contactView(contact) : null;
    });
  }

  /**
   * Without the lock, where nobody is amended and who is new has one name: nothing of hers can then be half another's.
   * Null = the lock is needed, or somebody else was quicker. (With the lock for all, batches went one after another,
   * at half the rate.)
   */
  async keepFast(told: readonly Told[]): Promise<Kept[] | null> {
    const { book, kept } = this.book(await findContacts(this.dataSource, told.map(namesOf)), told);
    if (!book.isSimple) return null;
    return (await insertWhereFree(this.dataSource, book.created)) ? kept : null;
  }

  async keep(tx: Transaction, told: readonly Told[], dedupeOn?: ContactName): Promise<Kept[]> {
    await lockContacts(
      tx,
      told.map(({ accountId }) => accountId),
    );
    const { book, kept } = this.book(await findContacts(tx, told.map(namesOf)), told, dedupeOn);
    await writeContacts(tx, book.created, book.changed);
    return kept;
  }

  private book(found: readonly ContactEntity[], told: readonly Told[], dedupeOn?: ContactName) {
    const book = new ContactBook(found, new Date());
    const kept = told.map((each) => book.save(each.accountId, each.told, dedupeOn));
    return { book, kept };
  }
}

export const namesOf = ({ accountId, told: { phone, email, externalId } }: Told): Names => ({
  accountId,
  phone,
  email,
  externalId,
});

const hasName = (row: ContactEntity, name: ContactName, value: string): boolean =>
  row[name] !== null && keyOfName(name, row[name]) === keyOfName(name, value);

const strongestOf = (told: ToldContact): ContactName | undefined =>
  contactKeys.find((name) => told[name] !== undefined);

function resultOf(kept: Kept): SavedContact {
  if (kept instanceof DomainError) return { outcome: 'refused', code: kept.code, message: kept.message };
  if (kept === null)
    return {
      outcome: 'refused',
      code: 'contact.missing',
      message: 'The contact has no name to be known by.',
    };
  const { contact, created, kept: names } = kept;
  return {
    outcome: created ? 'created' : 'updated',
    contact: contactView(contact),
    ...(names.length > 0 && { kept: names }),
  };
}

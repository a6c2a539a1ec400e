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
import { ContactMerger, keyOfName, type ContactName, type Saved } from './contact-merger';
import { ContactEntity, contactView } from './contact.entity';
import { isWriteConflict, retryOnConflict } from '@tearoff/service-kit';
import { findContacts, insertWhereFree, lockContacts, writeContacts, type Names } from './contacts.sql';
import { normaliseContact, type NormalisedContact } from './normalised-contact';

/** So that anyone who waits for the account's contacts does not wait for thousands of them. */
const contactsPerTransaction = 250;

export interface AccountContact {
  accountId: string;
  given: NormalisedContact;
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
      const normalised = contacts.slice(from, from + contactsPerTransaction).map(normaliseContact);
      const good = normalised.flatMap((given) =>
        given instanceof DomainError ? [] : [{ accountId, given }],
      );
      const kept = await retryOnConflict(
        () => this.outbox.transaction((tx) => this.keep(tx, good, dedupeOn)),
        isWriteConflict,
      );
      for (const given of normalised)
        results.push(resultOf(given instanceof DomainError ? given : kept.shift()!));
    }
    return { results };
  }

  /** By the strongest of the names that are given. */
  async find(requests: readonly RequestOf<typeof FindContact>[]): Promise<(Contact | null)[]> {
    const asked = requests.map(({ accountId, ...names }) => ({ accountId, given: normaliseContact(names) }));
    const named = asked.filter((each): each is AccountContact => !(each.given instanceof DomainError));
    const ids = requests.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const [byName, byId] = await Promise.all([
      findContacts(this.dataSource, named.map(namesOf)),
      ids.length > 0 ? this.dataSource.getRepository(ContactEntity).findBy({ id: In(ids) }) : [],
    ]);
    return requests.map(({ accountId, id }, index) => {
      const { given } = asked[index];
      const name = given instanceof DomainError ? undefined : strongestOf(given);
      const contact =
        id === undefined
          ? name &&
            byName.find(
              (row) => row.accountId === accountId && hasName(row, name, (given as NormalisedContact)[name]!),
            )
          : byId.find((row) => row.accountId === accountId && row.id === id);
      return contact ? contactView(contact) : null;
    });
  }

  /**
   * Without the lock, where no one is amended and who is new has one name: nothing of theirs can then be half another's.
   * Null = the lock is needed, or someone else was quicker. (With the lock for all, batches went one after another,
   * at half the rate.)
   */
  async keepFast(given: readonly AccountContact[]): Promise<Kept[] | null> {
    const { merger, kept } = this.merger(await findContacts(this.dataSource, given.map(namesOf)), given);
    if (!merger.isSimple) return null;
    return (await insertWhereFree(this.dataSource, merger.created)) ? kept : null;
  }

  async keep(tx: Transaction, given: readonly AccountContact[], dedupeOn?: ContactName): Promise<Kept[]> {
    await lockContacts(
      tx,
      given.map(({ accountId }) => accountId),
    );
    const { merger, kept } = this.merger(await findContacts(tx, given.map(namesOf)), given, dedupeOn);
    await writeContacts(tx, merger.created, merger.changed);
    return kept;
  }

  private merger(found: readonly ContactEntity[], given: readonly AccountContact[], dedupeOn?: ContactName) {
    const merger = new ContactMerger(found, new Date());
    const kept = given.map((each) => merger.save(each.accountId, each.given, dedupeOn));
    return { merger, kept };
  }
}

export const namesOf = ({ accountId, given: { phone, email, externalId } }: AccountContact): Names => ({
  accountId,
  phone,
  email,
  externalId,
});

const hasName = (row: ContactEntity, name: ContactName, value: string): boolean =>
  row[name] !== null && keyOfName(name, row[name]) === keyOfName(name, value);

const strongestOf = (given: NormalisedContact): ContactName | undefined =>
  contactKeys.find((name) => given[name] !== undefined);

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
    ...(names.length > 0 && { conflictingKeys: names }),
  };
}

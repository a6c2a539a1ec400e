import { isDeepStrictEqual } from 'node:util';
import { contactKeys, newId, personKey, type DomainError } from '@tearoff/contracts';
import type { ContactEntity } from './contact.entity';
import { fieldsTooLarge, type NormalisedContact } from './normalised-contact';

export type ContactName = (typeof contactKeys)[number];

export interface Saved {
  contact: ContactEntity;
  created: boolean;
  /** Names that are another contact's, and stay there. */
  kept: ContactName[];
}

const words = ['firstName', 'lastName', 'languageCode', 'timezone'] as const;
const maxFields = 200;
const longestFields = 32_768;

/** The contacts that a batch is about, and what it makes of them, one after another. Writes nothing itself. */
export class ContactMerger {
  readonly created = new Set<ContactEntity>();
  readonly changed = new Set<ContactEntity>();
  private readonly byName = new Map<string, ContactEntity>();

  constructor(
    known: readonly ContactEntity[],
    private readonly now: Date,
  ) {
    for (const contact of known)
      for (const name of contactKeys) {
        const value = contact[name];
        if (value !== null) this.byName.set(keyOf(contact.accountId, name, value), contact);
      }
  }

  /** No one is amended, and who is new has one name. */
  get isSimple(): boolean {
    return (
      this.changed.size === 0 &&
      [...this.created].every((contact) => contactKeys.filter((name) => contact[name] !== null).length === 1)
    );
  }

  /**
   * Their strongest name decides who they are: externalId, e-mail, phone, or `dedupeOn` alone. A weaker one is no proof
   * against it: two people share a family's phone. Null when they have none of the names.
   */
  save(accountId: string, given: NormalisedContact, dedupeOn?: ContactName): Saved | DomainError | null {
    const names = contactKeys.filter((name) => given[name] !== undefined);
    if (names.length === 0 || (dedupeOn && given[dedupeOn] === undefined)) return null;
    const found = this.find(accountId, given, dedupeOn);
    const fields = given.fields && { ...found?.fields, ...given.fields };
    if (fields && (Object.keys(fields).length > maxFields || JSON.stringify(fields).length > longestFields))
      return fieldsTooLarge();
    const contact = found ?? this.add(accountId);
    const kept: ContactName[] = [];
    for (const name of names) {
      const holder = this.byName.get(keyOf(accountId, name, given[name]!));
      if (holder && holder !== contact) kept.push(name);
      else this.put(contact, name, given[name]!);
      // A name that they give up stays theirs to the end of the batch: all of it is written as one statement.
      this.byName.set(keyOf(accountId, name, given[name]!), holder ?? contact);
    }
    for (const word of words) if (given[word] !== undefined) this.put(contact, word, given[word]);
    if (fields) this.put(contact, 'fields', fields);
    return { contact, created: !found, kept };
  }

  private find(
    accountId: string,
    given: NormalisedContact,
    dedupeOn?: ContactName,
  ): ContactEntity | undefined {
    for (const name of dedupeOn ? [dedupeOn] : contactKeys) {
      const value = given[name];
      const found = value === undefined ? undefined : this.byName.get(keyOf(accountId, name, value));
      if (!found) continue;
      const isAnother = contactKeys
        .slice(0, dedupeOn ? 0 : contactKeys.indexOf(name))
        .some((stronger) => given[stronger] !== undefined && found[stronger] !== null);
      if (!isAnother) return found;
    }
    return undefined;
  }

  private add(accountId: string): ContactEntity {
    const contact: ContactEntity = {
      id: newId('contact', this.now.getTime()),
      accountId,
      phone: null,
      email: null,
      externalId: null,
      firstName: null,
      lastName: null,
      languageCode: null,
      timezone: null,
      fields: {},
      createdAt: this.now,
      updatedAt: this.now,
    };
    this.created.add(contact);
    return contact;
  }

  private put<K extends ContactName | (typeof words)[number] | 'fields'>(
    contact: ContactEntity,
    name: K,
    value: ContactEntity[K],
  ): void {
    if (isDeepStrictEqual(contact[name], value)) return;
    contact[name] = value;
    if (this.created.has(contact)) return;
    contact.updatedAt = this.now;
    this.changed.add(contact);
  }
}

/** Equal for all spellings of a name that are one person's. */
export const keyOfName = (name: ContactName, value: string): string =>
  `${name} ${name === 'externalId' ? value : personKey(value)}`;

const keyOf = (accountId: string, name: ContactName, value: string): string =>
  `${accountId} ${keyOfName(name, value)}`;

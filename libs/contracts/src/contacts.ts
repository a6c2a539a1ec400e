import { Type, type Static } from '@sinclair/typebox';
import { contactBounds } from './bounds';
import { defineCommand, defineEvent, type CommandDefinition, type ServiceName } from './definitions';
import { FreeObject, Id, Instant, JsonObject, Nullable, OneOf, PersonName, PhoneCountry } from './values';

/** How a caller names a person that events are about, and what it tells of them. */
export const ContactInput = Type.Object({
  phone: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
  email: Type.Optional(Type.String({ minLength: 1, maxLength: 320 })),
  externalId: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  firstName: Type.Optional(PersonName()),
  lastName: Type.Optional(PersonName()),
  /** ISO 3166-1 alpha-2: how to read a phone number that is written without its country. */
  country: Type.Optional(PhoneCountry()),
  languageCode: Type.Optional(Type.String({ maxLength: 35 })),
  /** IANA. */
  timezone: Type.Optional(Type.String({ maxLength: 64 })),
  fields: Type.Optional(FreeObject(100, contactBounds)),
});
export type ContactInput = Static<typeof ContactInput>;

/** A person as automation keeps them: phone in E.164, e-mail case-folded; each unique in its account. */
export const Contact = Type.Object({
  id: Id('contact'),
  accountId: Id('account'),
  phone: Nullable(Type.String()),
  email: Nullable(Type.String()),
  externalId: Nullable(Type.String()),
  firstName: Nullable(Type.String()),
  lastName: Nullable(Type.String()),
  languageCode: Nullable(Type.String()),
  timezone: Nullable(Type.String()),
  fields: JsonObject(),
  createdAt: Instant(),
  updatedAt: Instant(),
});
export type Contact = Static<typeof Contact>;

export const contactKeys = ['externalId', 'email', 'phone'] as const;

export const SavedContact = Type.Union([
  Type.Object({
    outcome: OneOf(['created', 'updated'] as const),
    contact: Contact,
    /** Names that were told of them and belong to another contact; they stay there. */
    conflictingKeys: Type.Optional(Type.Array(OneOf(contactKeys))),
  }),
  Type.Object({ outcome: Type.Literal('refused'), code: Type.String(), message: Type.String() }),
]);
export type SavedContact = Static<typeof SavedContact>;

/**
 * Makes or amends up to 3,000 contacts; a result each, in their order. One that is known by any of its names is
 * amended: what is told replaces what was, what is not told stays. Of several the strongest decides: externalId,
 * e-mail, phone; someone with another one of those is another person, whatever weaker name is the same. `dedupeOn`:
 * known by that name alone. Refused: `contact.missing|invalid_phone|invalid_email|invalid_timezone|fields_too_large`.
 */
export const SaveContacts = defineCommand('automation', 'contact.save', {
  deadlineMs: 30_000,
  request: Type.Object({
    accountId: Id('account'),
    contacts: Type.Array(ContactInput, { minItems: 1, maxItems: 3_000 }),
    dedupeOn: Type.Optional(OneOf(contactKeys)),
  }),
  reply: Type.Object({ results: Type.Array(SavedContact) }),
});
/** By one of its names, or its id; null = no one known. */
export const FindContact = defineCommand('automation', 'contact.find', {
  batch: true,
  request: Type.Object({
    accountId: Id('account'),
    id: Type.Optional(Type.String({ maxLength: 48 })),
    phone: Type.Optional(Type.String({ maxLength: 50 })),
    email: Type.Optional(Type.String({ maxLength: 320 })),
    externalId: Type.Optional(Type.String({ maxLength: 200 })),
  }),
  reply: Nullable(Contact),
});

/** A person by one name: phone in E.164, e-mail case-folded, or the caller's own id. Exactly one of them. */
export const PersonRef = Type.Object({
  phone: Type.Optional(Type.String({ maxLength: 50 })),
  email: Type.Optional(Type.String({ maxLength: 320 })),
  externalId: Type.Optional(Type.String({ maxLength: 200 })),
});
export type PersonRef = Static<typeof PersonRef>;

export const personIdentifiers = ({ phone, email, externalId }: PersonRef): string[] =>
  [phone, email, externalId].filter((name) => name !== undefined);

/**
 * Fires when an account erased a person, an item for each name that they were known by: anyone who keeps anything under
 * that name forgets it. What must outlive them (money, a code that is spent, that they must not be written to) stays
 * without them. Told again a quarter of an hour later, for what was on its way and arrived after the first time.
 */
export const PersonErased = defineEvent(
  'gateway',
  'person.erased.v1',
  Type.Object({
    erasureId: Id('erasure'),
    accountId: Id('account'),
    person: PersonRef,
    at: Instant(),
  }),
);
export type PersonErasedItem = Static<(typeof PersonErased)['item']>;

const exportRequest = Type.Object({ accountId: Id('account'), person: PersonRef });
/** By what it is (`coupons`, `deliveries`); rows as the API shows them, the newest 10,000 of each. */
const exportReply = Type.Object({ held: Type.Record(Type.String(), Type.Array(JsonObject())) });

const exportOf = (service: ServiceName): CommandDefinition<typeof exportRequest, typeof exportReply> =>
  defineCommand(service, 'person.export', {
    deadlineMs: 15_000,
    request: exportRequest,
    reply: exportReply,
  });

/** What a service holds of a person. Redemption and insights hold nothing: codes and coupons have no names there. */
export const ExportFromIssuance = exportOf('issuance');
export const ExportFromNotification = exportOf('notification');
export const ExportFromLoyalty = exportOf('loyalty');
export const ExportFromAutomation = exportOf('automation');

import { Type } from '@sinclair/typebox';
import { Contact, ContactInput, Id, OneOf, PersonRef, SaveContacts } from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';

const { dedupeOn } = SaveContacts.request.properties;
export const ContactsBody = strict(
  Type.Object({ contacts: Type.Array(ContactInput, { minItems: 1, maxItems: 3_000 }), dedupeOn }),
);

export const ContactView = Type.Omit(Contact, ['accountId']);

export const ContactsAnswer = Type.Object({
  results: Type.Array(
    Type.Object({
      outcome: OneOf(['created', 'updated', 'refused'] as const),
      contact: Type.Optional(ContactView),
      conflictingKeys: Type.Optional(
        Type.Array(Type.String(), { description: 'Names that are another contact’s, and stay there.' }),
      ),
      code: Type.Optional(Type.String({ description: 'Of a contact that was refused.' })),
      message: Type.Optional(Type.String()),
    }),
  ),
});

export const PersonExport = Type.Object({
  person: PersonRef,
  held: Type.Record(Type.String(), Type.Array(Type.Object({})), {
    description: 'By what it is: `contacts`, `events`, `coupons`, `deliveries` …; the newest 10,000 of each.',
  }),
});

export const Erasure = Type.Object({ id: Id('erasure'), status: Type.Literal('accepted') });

import { Type, type Static } from '@sinclair/typebox';
import {
  contactKeys,
  ContactInput,
  faultsOf,
  type FieldError,
  internationalPhoneOf,
  invalid,
  Nullable,
} from '@tearoff/contracts';
import { TextOrInteger, textOf } from './event.schema';

const text = Type.Optional(Nullable(Type.String({ maxLength: 200 })));

/** A contact as the vendor's clients write one; what is not named here is let pass. */
export const ContactBody = Type.Object({
  externalCustomerId: Type.Optional(TextOrInteger(200)),
  contactKey: Type.Optional(TextOrInteger(200)),
  firstName: text,
  lastName: text,
  languageCode: text,
  timeZone: text,
  channels: Type.Optional(
    Nullable(
      Type.Array(
        Type.Object({
          type: Type.String({ maxLength: 50 }),
          value: Type.Optional(TextOrInteger(320)),
        }),
        { maxItems: 20 },
      ),
    ),
  ),
  fields: Type.Optional(
    Nullable(
      Type.Array(Type.Object({ id: TextOrInteger(100), value: Type.Optional(Type.Unknown()) }), {
        maxItems: 100,
      }),
    ),
  ),
});
type ContactBody = Static<typeof ContactBody>;

export const SubscribeBody = Type.Object({ contact: ContactBody, dedupeOn: text });
export const ContactsBody = Type.Object({
  contacts: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 3_000 }),
  dedupeOn: text,
});

/** The contact in our words, or what is wrong with it. */
export function contactInput(given: unknown): { contact: ContactInput } | { faults: FieldError[] } {
  const faults = faultsOf(ContactBody, given);
  if (faults) return { faults };
  const contact = inputOf(given as ContactBody);
  const wrong = faultsOf(ContactInput, contact);
  return wrong ? { faults: wrong } : { contact };
}

function inputOf(body: ContactBody): ContactInput {
  const channelOf = (type: string) =>
    textOf(body.channels?.find((each) => each.type === type)?.value)?.trim();
  const phone = channelOf('sms');
  const named = {
    externalId: textOf(body.externalCustomerId) ?? textOf(body.contactKey),
    email: channelOf('email'),
    phone: phone && (internationalPhoneOf(phone) ?? phone),
    firstName: textOf(body.firstName),
    lastName: textOf(body.lastName),
    languageCode: textOf(body.languageCode),
    timezone: zoneOf(body.timeZone),
  };
  const fields = (body.fields ?? []).map(({ id, value }) => [String(id), value ?? null] as const);
  return {
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value)),
    ...(fields.length > 0 && { fields: Object.fromEntries(fields) }),
  };
}

/** Clients also write `+02:00`, which no summer time follows from: that is as good as none. */
const zoneOf = (given: string | null | undefined): string | undefined =>
  given?.includes('/') || given === 'UTC' ? given : undefined;

const dedupe: Readonly<Record<string, (typeof contactKeys)[number] | undefined>> = {
  email: 'email',
  sms: 'phone',
  externalCustomerId: 'externalId',
  email_or_sms: undefined,
};

/** By what name a contact is known; undefined = any. Fails for what we do not know people by. */
export function dedupeOf(dedupeOn: string | null | undefined): (typeof contactKeys)[number] | undefined {
  if (!dedupeOn) return undefined;
  if (Object.hasOwn(dedupe, dedupeOn)) return dedupe[dedupeOn];
  const message = `must be one of ${Object.keys(dedupe).join(', ')}`;
  throw invalid('request.invalid', 'The body is not valid.', { errors: [{ path: '/dedupeOn', message }] });
}

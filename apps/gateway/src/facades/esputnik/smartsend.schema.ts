import { Type, type Static } from '@sinclair/typebox';
import { Nullable } from '@tearoff/contracts';
import { TextOrInteger } from './event.schema';

/** As it is judged before its recipients are: one who is not as they should be harms no other. */
export const SmartsendBody = Type.Object({
  recipients: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 1_000 }),
  email: Type.Optional(Nullable(Type.Boolean())),
  externalRequestId: Type.Optional(TextOrInteger(300)),
});
export type SmartsendBody = Static<typeof SmartsendBody>;

const text = (maxLength: number) => Type.Optional(Nullable(Type.String({ maxLength })));

export const SmartsendRecipient = Type.Object({
  contactId: Type.Optional(TextOrInteger(48)),
  locator: Type.Optional(TextOrInteger(320)),
  /** What some clients call `locator`. */
  email: text(320),
  jsonParam: text(100_000),
  languageCode: text(35),
  externalRequestId: Type.Optional(TextOrInteger(300)),
});
export type SmartsendRecipient = Static<typeof SmartsendRecipient>;

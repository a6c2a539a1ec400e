import { Type, type Static } from '@sinclair/typebox';
import { defineCommand } from './definitions';
import { channels, Id, Instant, Nullable, OneOf, Page, PageRequest } from './values';

export const callbackKinds = ['status', 'inbound'] as const;

/**
 * A provider's callback as it came, its signature not yet checked: `body` is the raw text. Refused (nothing changes)
 * when it is not signed as it must be. Answered the same when it comes again.
 */
export const RecordCallback = defineCommand('notification', 'callback.record', {
  request: Type.Object({
    provider: OneOf(['vonage'] as const),
    kind: OneOf(callbackKinds),
    authorization: Nullable(Type.String({ maxLength: 8_000 })),
    contentType: Type.String({ maxLength: 200 }),
    query: Type.Record(Type.String(), Type.String()),
    body: Type.String({ maxLength: 100_000 }),
  }),
  reply: Type.Union([
    Type.Object({ outcome: Type.Literal('accepted') }),
    Type.Object({ outcome: Type.Literal('refused'), reason: Type.String() }),
  ]),
});

/** What the page of an unsubscribe link shows; reading it changes nothing. Null = no link of ours. */
export const ReadUnsubscribe = defineCommand('notification', 'unsubscribe.read', {
  request: Type.Object({ token: Type.String({ maxLength: 500 }) }),
  reply: Nullable(
    Type.Object({ channel: OneOf(channels), maskedAddress: Type.String(), unsubscribed: Type.Boolean() }),
  ),
});
/** One-click unsubscribe (RFC 8058). Again = no change. Fails with `unsubscribe.unknown_link`. */
export const Unsubscribe = defineCommand('notification', 'unsubscribe', {
  request: Type.Object({ token: Type.String({ maxLength: 500 }) }),
  reply: Type.Object({}),
});

export const consentKinds = ['granted', 'withdrawn'] as const;
/** Who agreed to be written to, or stopped: when, how, and to what text. */
export const Consent = Type.Object({
  id: Id('consent'),
  accountId: Id('account'),
  channel: OneOf(channels),
  address: Type.String(),
  kind: OneOf(consentKinds),
  /** `claim_page`, `widget`, `api`, `keyword`, `unsubscribe_link`, `provider`. */
  how: Type.String({ maxLength: 50 }),
  /** What they were shown, or what they wrote. */
  text: Nullable(Type.String({ maxLength: 2_000 })),
  campaignId: Nullable(Type.String({ maxLength: 48 })),
  at: Instant(),
});
export type Consent = Static<typeof Consent>;
/** The same id again = no change. Fails with `recipient.invalid_phone|invalid_email`. */
export const RecordConsent = defineCommand('notification', 'consent.record', {
  request: Consent,
  reply: Type.Object({}),
});
/** Newest first. Fails with `request.invalid_cursor`. */
export const ListConsents = defineCommand('notification', 'consent.list', {
  request: Type.Object({
    accountId: Id('account'),
    channel: Type.Optional(OneOf(channels)),
    address: Type.Optional(Type.String({ maxLength: 320 })),
    ...PageRequest,
  }),
  reply: Page(Consent),
});

/**
 * A message that carries no coupon (a passcode, the link to a game). The same `deliveryId` again = the one that was
 * written, whatever its text now. A suppressed address gets nothing.
 */
export const SendNotice = defineCommand('notification', 'notice.send', {
  request: Type.Object({
    accountId: Id('account'),
    /** Null: about no campaign (a loyalty card). */
    campaignId: Nullable(Id('campaign')),
    deliveryId: Id('delivery'),
    channel: OneOf(channels),
    /** E.164, or a folded e-mail address. */
    to: Type.String({ maxLength: 320 }),
    subject: Type.Optional(Type.String({ maxLength: 500 })),
    text: Type.String({ minLength: 1, maxLength: 1_600 }),
  }),
  reply: Type.Object({ suppressed: Type.Boolean() }),
});

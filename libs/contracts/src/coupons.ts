import { Type, type Static } from '@sinclair/typebox';
import { dataBounds, metadataBounds } from './bounds';
import { Campaign } from './campaigns';
import { defineCommand, defineEvent } from './definitions';
import {
  channels,
  FreeObject,
  Id,
  Instant,
  JsonObject,
  Nullable,
  OneOf,
  Page,
  PageRequest,
  PersonName,
  PhoneCountry,
} from './values';

export const couponStatuses = ['issued', 'redeemed', 'expired', 'voided'] as const;

/** How a caller names a person: at least one of phone, e-mail, externalId. Other members are kept as given. */
export const RecipientInput = Type.Object({
  phone: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
  email: Type.Optional(Type.String({ minLength: 1, maxLength: 320 })),
  externalId: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  firstName: Type.Optional(PersonName()),
  lastName: Type.Optional(PersonName()),
  /** ISO 3166-1 alpha-2: how to read a phone number that is written without its country. */
  country: Type.Optional(PhoneCountry()),
  languageCode: Type.Optional(Type.String({ maxLength: 35 })),
});
export type RecipientInput = Static<typeof RecipientInput>;

/** The person as kept: phone in E.164, e-mail case-folded. */
export const Recipient = Type.Object({
  phone: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  externalId: Type.Optional(Type.String()),
  firstName: Type.Optional(Type.String()),
  lastName: Type.Optional(Type.String()),
  country: Type.Optional(Type.String()),
  languageCode: Type.Optional(Type.String()),
});
export type Recipient = Static<typeof Recipient>;

/** Where the request came from; ties a redemption back to an ad. */
export const Source = Type.Object(
  {
    medium: Type.Optional(Type.String({ maxLength: 200 })),
    site: Type.Optional(Type.String({ maxLength: 200 })),
    ad: Type.Optional(Type.String({ maxLength: 200 })),
    location: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: Type.String({ maxLength: 200 }), maxProperties: 20 },
);

/**
 * A text for this one coupon, in place of the campaign's: its own, or a template's, which is told `data` besides the
 * coupon's variables.
 */
export const MessageOverride = Type.Object({
  subject: Type.Optional(Type.String({ maxLength: 500 })),
  body: Type.Optional(Type.String({ maxLength: 100_000 })),
  templateId: Type.Optional(Type.String({ maxLength: 48 })),
  data: Type.Optional(FreeObject(100, dataBounds)),
});
export type MessageOverride = Static<typeof MessageOverride>;

export const issueChannels = [...channels, 'none'] as const;

const request = {
  campaignId: Type.String({ minLength: 1, maxLength: 48 }),
  recipient: RecipientInput,
  channel: Type.Optional(OneOf(issueChannels)),
  message: Type.Optional(MessageOverride),
  offerId: Type.Optional(Type.String({ maxLength: 48 })),
  source: Type.Optional(Source),
  metadata: Type.Optional(FreeObject(50, metadataBounds)),
};

/** The body of `POST /v1/coupons`. */
export const IssueRequest = Type.Object(request);
export type IssueRequest = Static<typeof IssueRequest>;

/** The delivery that carries a coupon, as known when it was asked for. */
export const DeliveryRef = Type.Object({
  id: Id('delivery'),
  channel: OneOf(channels),
  status: Type.String(),
});

/**
 * A coupon as issuance knows it. `status` follows redemption's events; where a moment late would hurt ask
 * `redemption.state`. `validTo`: the coupon's own end or the campaign's, whichever is first. `url` is made by
 * the gateway from `token`; the token is never shown beside the url.
 */
export const Coupon = Type.Object({
  id: Id('coupon'),
  accountId: Id('account'),
  campaignId: Id('campaign'),
  code: Type.String(),
  token: Type.String(),
  status: OneOf(couponStatuses),
  recipient: Recipient,
  offerId: Nullable(Type.String()),
  channel: OneOf(issueChannels),
  source: Nullable(Source),
  metadata: Nullable(JsonObject()),
  issuedAt: Instant(),
  validFrom: Instant(),
  validTo: Nullable(Instant()),
  redeemedAt: Nullable(Instant()),
  redeemedStoreId: Nullable(Type.String()),
  voidedAt: Nullable(Instant()),
  delivery: Nullable(DeliveryRef),
});
export type Coupon = Static<typeof Coupon>;

export const issueRefusals = [
  'campaign.not_found',
  'campaign.not_active',
  'campaign.ended',
  'campaign.exhausted',
  'recipient.limit_reached',
  'recipient.suppressed',
  'recipient.invalid_phone',
  'recipient.invalid_email',
  'recipient.missing',
  'recipient.no_address',
  'offer.not_found',
  'offer.required',
  'offer.exhausted',
  'offer.not_allowed',
  'campaign.is_game',
] as const;
export type IssueRefusal = (typeof issueRefusals)[number];

/** `repeated`: they hold it already; nothing was taken from the total. */
export const IssueOutcome = Type.Union([
  Type.Object({ outcome: Type.Literal('issued'), coupon: Coupon }),
  Type.Object({ outcome: Type.Literal('repeated'), coupon: Coupon }),
  Type.Object({ outcome: Type.Literal('refused'), reason: OneOf(issueRefusals), message: Type.String() }),
]);
export type IssueOutcome = Static<typeof IssueOutcome>;

export const IssueCoupon = defineCommand('issuance', 'coupon.issue', {
  batch: true,
  deadlineMs: 10_000,
  request: Type.Object({
    accountId: Id('account'),
    ...request,
    /**
     * Of a caller who may ask again without knowing whether it was answered: a coupon of that id that is out is
     * `repeated`, whatever else is asked now.
     */
    couponId: Type.Optional(Id('coupon')),
  }),
  reply: IssueOutcome,
});

/** By id. Fails with `coupon.not_found`. */
export const GetCoupon = defineCommand('issuance', 'coupon.get', {
  batch: true,
  request: Type.Object({ accountId: Id('account'), couponId: Type.String({ maxLength: 48 }) }),
  reply: Coupon,
});

/** What the coupon's page shows, by its token. Fails with `coupon.not_found`. */
export const GetCouponPage = defineCommand('issuance', 'coupon.page', {
  batch: true,
  request: Type.Object({ token: Type.String({ minLength: 1, maxLength: 64 }) }),
  reply: Type.Object({ coupon: Coupon, campaign: Campaign }),
});

/** What redemption has to know of a code. */
export const CodeEntry = Type.Object({
  accountId: Id('account'),
  couponId: Id('coupon'),
  campaignId: Id('campaign'),
  code: Type.String(),
  offerId: Nullable(Type.String()),
  issuedAt: Instant(),
  validFrom: Instant(),
  /** The coupon's own end (`daysAfterIssue`); the campaign's end is read from the campaign. */
  ownValidTo: Nullable(Instant()),
});
export type CodeEntry = Static<typeof CodeEntry>;

/**
 * Whether a code was given out. `entry` is null when it was not; `importedCodes` says whether the account
 * has any campaign of imported codes, whose codes carry no check character.
 */
export const LookUpCode = defineCommand('issuance', 'coupon.look-up-code', {
  batch: true,
  request: Type.Object({ accountId: Id('account'), code: Type.String({ maxLength: 100 }) }),
  reply: Type.Object({
    entry: Nullable(CodeEntry),
    campaign: Nullable(Campaign),
    importedCodes: Type.Boolean(),
  }),
});

/** Fails with `recipient.invalid_phone`, `request.invalid_cursor`. */
export const SearchCoupons = defineCommand('issuance', 'coupon.search', {
  request: Type.Object({
    accountId: Id('account'),
    campaignId: Type.Optional(Type.String({ maxLength: 48 })),
    code: Type.Optional(Type.String({ maxLength: 200 })),
    phone: Type.Optional(Type.String({ maxLength: 50 })),
    email: Type.Optional(Type.String({ maxLength: 320 })),
    externalId: Type.Optional(Type.String({ maxLength: 200 })),
    status: Type.Optional(OneOf(couponStatuses)),
    ...PageRequest,
  }),
  reply: Page(Coupon),
});

/**
 * Sends a coupon that is out once more, over any channel they have an address for. Fails with
 * `coupon.not_found`, `coupon.not_usable`, `recipient.no_address`, `recipient.suppressed`.
 */
export const SendCoupon = defineCommand('issuance', 'coupon.send', {
  request: Type.Object({
    accountId: Id('account'),
    couponId: Type.String({ maxLength: 48 }),
    channel: OneOf(channels),
    message: Type.Optional(MessageOverride),
  }),
  reply: Coupon,
});

/**
 * What must be written to the recipient: carried by both events that ask for a message. `recipient` has the
 * address to write to, which may be another than the one the coupon keeps.
 */
const messagePayload = {
  accountId: Id('account'),
  couponId: Id('coupon'),
  campaignId: Id('campaign'),
  campaignVersion: Type.Integer(),
  code: Type.String(),
  token: Type.String(),
  recipient: Recipient,
  offerId: Nullable(Type.String()),
  channel: OneOf(issueChannels),
  deliveryId: Nullable(Id('delivery')),
  // As it was taken; an earlier version took more of it.
  message: Nullable(Type.Object({ ...MessageOverride.properties, data: Type.Optional(JsonObject()) })),
  issuedAt: Instant(),
  validFrom: Instant(),
  ownValidTo: Nullable(Instant()),
  validTo: Nullable(Instant()),
};

/** Fires once for each coupon given out, with the transaction that gave it. `deliveryId` when a channel was named. */
export const CouponIssued = defineEvent(
  'issuance',
  'coupon.issued.v1',
  Type.Object({ ...messagePayload, source: Nullable(Source), metadata: Nullable(JsonObject()) }),
);
export type CouponIssuedItem = Static<(typeof CouponIssued)['item']>;

/**
 * `coupon.issued` of a list, for lists come in thousands: an event of its own, so that a message someone waits
 * for is never written behind theirs.
 */
export const BulkCouponsIssued = defineEvent('issuance', 'coupon.bulk_issued.v1', CouponIssued.item);

/** Fires when a coupon already out is to be sent (again, or over another channel). */
export const CouponSendRequested = defineEvent(
  'issuance',
  'coupon.send_requested.v1',
  Type.Object(messagePayload),
);
export type CouponSendRequestedItem = Static<(typeof CouponSendRequested)['item']>;

/** `coupon.send_requested` of a list. */
export const BulkSendRequested = defineEvent(
  'issuance',
  'coupon.bulk_send_requested.v1',
  CouponSendRequested.item,
);

/**
 * Fires when the person who holds a coupon was erased, for each of theirs: no one knows any more whose it is. Also what
 * went to another of their addresses is to be forgotten.
 */
export const CouponHolderErased = defineEvent(
  'issuance',
  'coupon.holder_erased.v1',
  Type.Object({ accountId: Id('account'), couponId: Id('coupon'), at: Instant() }),
);

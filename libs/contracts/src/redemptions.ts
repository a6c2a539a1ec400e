import { Type, type Static } from '@sinclair/typebox';
import { CampaignContent, Discount, redemptionChannels } from './campaigns';
import { defineCommand, defineEvent } from './definitions';
import {
  Currency,
  Id,
  Instant,
  KnownCurrency,
  MinorUnits,
  Nullable,
  OneOf,
  Page,
  PageRequest,
} from './values';

/** Why a coupon cannot be spent here and now, in the order in which they are told when several hold. */
export const refusalReasons = [
  'not_found',
  'already_redeemed',
  'voided',
  'campaign_ended',
  'campaign_paused',
  'not_yet_valid',
  'expired',
  'wrong_store',
  'wrong_channel',
  'wrong_time',
  'wrong_currency',
  'min_basket',
  'reserved',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** What the customer buys; `total` in minor units of `currency`, before the discount. */
export const Basket = Type.Object({
  total: Type.Optional(MinorUnits()),
  currency: Type.Optional(Currency()),
  items: Type.Optional(
    Type.Array(
      Type.Object({
        sku: Type.Optional(Type.String({ maxLength: 100 })),
        name: Type.Optional(Type.String({ maxLength: 200 })),
        quantity: Type.Optional(Type.Number({ minimum: 0 })),
        price: Type.Optional(MinorUnits()),
      }),
      { maxItems: 500 },
    ),
  ),
});
export type Basket = Static<typeof Basket>;

/** As a till sends it; what was kept before unknown currencies were refused may name one. */
const TillBasket = Type.Object({ ...Basket.properties, currency: Type.Optional(KnownCurrency()) });

const till = {
  /** As scanned or typed: with what scanners and people add to it, see `codeReadings`. */
  code: Type.String({ minLength: 1, maxLength: 200 }),
  storeId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  terminalId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  /** `store` by default. */
  channel: Type.Optional(OneOf(redemptionChannels)),
  basket: Type.Optional(TillBasket),
};

/** The body of `POST /v1/validations`. */
export const ValidationRequest = Type.Object(till);
/** The body of `POST /v1/redemptions`; either `code` or `reservationId` names the coupon. */
export const RedemptionRequest = Type.Object({
  ...till,
  code: Type.Optional(till.code),
  reservationId: Type.Optional(Type.String({ maxLength: 48 })),
  transactionRef: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
});

/**
 * A discount with what it takes off this basket, in minor units of the basket's currency (the discount's where the
 * basket names none); null where there is no total or the kind does not tell.
 */
export const AppliedDiscount = Type.Composite([Discount, Type.Object({ amount: Nullable(Type.Integer()) })]);
export type AppliedDiscount = Static<typeof AppliedDiscount>;

/** Minor units; the currency is null only of campaigns that were saved before a minimum had to have one. */
const Amount = Type.Object({ amount: Type.Integer({ minimum: 0 }), currency: Nullable(Currency()) });
/**
 * What a basket has to come to, and how much of that this one lacks. `missing` comes with `min_basket`; it is null
 * where the basket has no total.
 */
const minimum = {
  minBasket: Type.Optional(Nullable(Amount)),
  missing: Type.Optional(Nullable(Amount)),
};

export const Validation = Type.Object({
  valid: Type.Boolean(),
  reason: Nullable(OneOf(refusalReasons)),
  code: Type.String(),
  couponId: Nullable(Type.String()),
  campaignId: Nullable(Type.String()),
  content: Nullable(CampaignContent),
  discount: Nullable(AppliedDiscount),
  validTo: Nullable(Instant()),
  redeemedAt: Nullable(Instant()),
  storeId: Nullable(Type.String()),
  ...minimum,
});
export type Validation = Static<typeof Validation>;

export const ValidateCode = defineCommand('redemption', 'validate', {
  batch: true,
  request: Type.Object({ accountId: Id('account'), ...till }),
  reply: Validation,
});

export const Redemption = Type.Object({
  id: Id('redemption'),
  accountId: Id('account'),
  code: Type.String(),
  couponId: Id('coupon'),
  campaignId: Id('campaign'),
  storeId: Nullable(Type.String()),
  terminalId: Nullable(Type.String()),
  channel: OneOf(redemptionChannels),
  transactionRef: Nullable(Type.String()),
  basket: Nullable(Basket),
  discount: Nullable(AppliedDiscount),
  redeemedAt: Instant(),
  reversedAt: Nullable(Instant()),
  reverseReason: Nullable(Type.String()),
});
export type Redemption = Static<typeof Redemption>;

/**
 * `repeated`: this very redemption (same code, same transactionRef) was made before; nothing happened now. It may
 * have been reversed since (`reversedAt`): the same transactionRef never spends a coupon twice.
 * `refused` with `already_redeemed` says when and where.
 */
export const RedeemOutcome = Type.Union([
  Type.Object({ outcome: Type.Literal('redeemed'), redemption: Redemption }),
  Type.Object({ outcome: Type.Literal('repeated'), redemption: Redemption }),
  Type.Object({
    outcome: Type.Literal('refused'),
    reason: OneOf(refusalReasons),
    redeemedAt: Nullable(Instant()),
    storeId: Nullable(Type.String()),
    ...minimum,
  }),
]);
export type RedeemOutcome = Static<typeof RedeemOutcome>;

/** Fails with `reservation.not_found` when a reservationId is unknown or has run out. */
export const RedeemCode = defineCommand('redemption', 'redeem', {
  batch: true,
  request: Type.Object({ accountId: Id('account'), ...RedemptionRequest.properties }),
  reply: RedeemOutcome,
});

/** Fails with `redemption.not_found`, `redemption.already_reversed`. */
export const ReverseRedemption = defineCommand('redemption', 'reverse', {
  request: Type.Object({
    accountId: Id('account'),
    redemptionId: Type.String({ maxLength: 48 }),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
  }),
  reply: Redemption,
});

export const ListRedemptions = defineCommand('redemption', 'list', {
  request: Type.Object({
    accountId: Id('account'),
    code: Type.Optional(Type.String({ maxLength: 200 })),
    storeId: Type.Optional(Type.String({ maxLength: 100 })),
    transactionRef: Type.Optional(Type.String({ maxLength: 200 })),
    campaignId: Type.Optional(Type.String({ maxLength: 48 })),
    ...PageRequest,
  }),
  reply: Page(Redemption),
});

/** The owner's word on a coupon right now. `unknown` = redemption was never told of it, so it is not spent. */
export const CouponState = Type.Object({
  state: OneOf(['unknown', 'issued', 'redeemed', 'voided'] as const),
  redeemedAt: Nullable(Instant()),
  storeId: Nullable(Type.String()),
  storeName: Nullable(Type.String()),
  channel: Nullable(OneOf(redemptionChannels)),
  voidedAt: Nullable(Instant()),
});
export type CouponState = Static<typeof CouponState>;
export const GetCouponState = defineCommand('redemption', 'state', {
  batch: true,
  request: Type.Object({ accountId: Id('account'), code: Type.String({ maxLength: 100 }) }),
  reply: CouponState,
});

/** Withdraws a coupon; again = no change. Fails with `coupon.not_found`, `coupon.already_redeemed`. */
export const VoidCoupon = defineCommand('redemption', 'void', {
  request: Type.Object({
    accountId: Id('account'),
    code: Type.String({ maxLength: 100 }),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
  }),
  reply: CouponState,
});

/** `storeId`, `terminalId`: the till that holds it. */
export const Reservation = Type.Object({
  id: Id('reservation'),
  code: Type.String(),
  couponId: Id('coupon'),
  campaignId: Id('campaign'),
  storeId: Nullable(Type.String()),
  expiresAt: Instant(),
});
export type Reservation = Static<typeof Reservation>;

export const ReserveOutcome = Type.Union([
  Type.Object({ outcome: Type.Literal('reserved'), reservation: Reservation }),
  Type.Object({
    outcome: Type.Literal('refused'),
    reason: OneOf(refusalReasons),
    redeemedAt: Nullable(Instant()),
    storeId: Nullable(Type.String()),
    ...minimum,
  }),
]);
export type ReserveOutcome = Static<typeof ReserveOutcome>;

export const ReservationRequest = Type.Object({
  ...till,
  ttlSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_600 })),
});
export const ReserveCode = defineCommand('redemption', 'reserve', {
  request: Type.Object({ accountId: Id('account'), ...ReservationRequest.properties }),
  reply: ReserveOutcome,
});
/** Frees it; fails with `reservation.not_found` (also when it has run out or was spent). */
export const ReleaseReservation = defineCommand('redemption', 'release', {
  request: Type.Object({ accountId: Id('account'), reservationId: Type.String({ maxLength: 48 }) }),
  reply: Type.Object({}),
});

/** Fires once for each coupon spent, with the transaction that spent it. */
export const CouponRedeemed = defineEvent(
  'redemption',
  'coupon.redeemed.v1',
  Type.Object({
    redemptionId: Id('redemption'),
    accountId: Id('account'),
    couponId: Id('coupon'),
    campaignId: Id('campaign'),
    code: Type.String(),
    storeId: Nullable(Type.String()),
    terminalId: Nullable(Type.String()),
    channel: OneOf(redemptionChannels),
    transactionRef: Nullable(Type.String()),
    basket: Nullable(Basket),
    discount: Nullable(AppliedDiscount),
    redeemedAt: Instant(),
  }),
);
export type CouponRedeemedItem = Static<(typeof CouponRedeemed)['item']>;

/** Fires when a redemption was undone; the coupon can be spent again. */
export const RedemptionReversed = defineEvent(
  'redemption',
  'coupon.redemption_reversed.v1',
  Type.Object({
    redemptionId: Id('redemption'),
    accountId: Id('account'),
    couponId: Id('coupon'),
    campaignId: Id('campaign'),
    code: Type.String(),
    storeId: Nullable(Type.String()),
    redeemedAt: Instant(),
    reversedAt: Instant(),
    reason: Nullable(Type.String()),
  }),
);

/**
 * Fires when so many codes that do not exist were asked about with one key at one store that further ones are slowed
 * down; once an hour for a key and store. `storeId` is null where none was named, or where many were invented.
 * `unknownCodes`: how many of them the gateway that noticed has seen.
 */
export const GuessingSuspected = defineEvent(
  'gateway',
  'redemption.guessing_suspected.v1',
  Type.Object({
    accountId: Id('account'),
    apiKeyId: Id('apiKey'),
    storeId: Nullable(Type.String()),
    unknownCodes: Type.Integer(),
    at: Instant(),
  }),
);

/** Fires when a coupon was withdrawn. */
export const CouponVoided = defineEvent(
  'redemption',
  'coupon.voided.v1',
  Type.Object({
    accountId: Id('account'),
    couponId: Id('coupon'),
    campaignId: Id('campaign'),
    code: Type.String(),
    voidedAt: Instant(),
    reason: Nullable(Type.String()),
  }),
);

import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { barcodeSymbologies } from './campaigns';
import { defineCommand, defineEvent } from './definitions';
import { EventType } from './events';
import { webUrlForm } from './web-url';
import { channels, Currency, Id, Instant, MinorUnits, Nullable, OneOf, Page, PageRequest } from './values';

export const cardKinds = ['points', 'stamps'] as const;

const color = () => Type.String({ pattern: '^#[0-9a-fA-F]{6}$' });
const imageUrl = () => Type.String({ maxLength: 2_000, format: 'web-url', 'x-form': webUrlForm });

/** What the card's page and its passes say. Colours are `#rrggbb`. */
export const CardDesign = Type.Object({
  title: Type.Optional(Type.String({ maxLength: 200 })),
  description: Type.Optional(Type.String({ maxLength: 4_000 })),
  terms: Type.Optional(Type.String({ maxLength: 8_000 })),
  color: Type.Optional(color()),
  textColor: Type.Optional(color()),
  imageUrl: Type.Optional(imageUrl()),
  logoUrl: Type.Optional(imageUrl()),
  barcode: Type.Optional(OneOf(barcodeSymbologies)),
});
export type CardDesign = Static<typeof CardDesign>;

/** One schema rather than two alternatives, so that a fault is told once. */
const orNull = (schema: TSchema): TSchema =>
  Type.Unsafe({
    ...schema,
    type: ['string', 'null'],
    ...(schema.enum && { enum: [...(schema.enum as string[]), null] }),
  });

/** Null removes what the card said. */
const CardDesignPatch = Type.Unsafe<{ [Member in keyof CardDesign]: CardDesign[Member] | null }>(
  Type.Object(
    Object.fromEntries(Object.entries(CardDesign.properties).map(([name, schema]) => [name, orNull(schema)])),
  ),
);

const points = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });
const ofCampaigns = {
  /** All campaigns by default. */
  campaignIds: Type.Optional(Type.Array(Type.String({ maxLength: 48 }), { maxItems: 1_000 })),
  /** Whether the member's tier multiplies it; true by default. */
  tiered: Type.Optional(Type.Boolean()),
};

/**
 * What is awarded by itself. `redemption`: `points` for each coupon redeemed. `amount`: `points` for each `per` minor
 * units of `currency` in the basket, rounded as `rounding` says (down by default) once, on the sum. `event`: `points`
 * for each custom event of that type, times the number in the event's parameter `times` where one is named: a JSON
 * number or a plain decimal text (`4.35`), multiplied exactly, parts of a point dropped; what is none is told as
 * `points.not_awarded`.
 */
export const EarningRule = Type.Union([
  Type.Object({ on: Type.Literal('redemption'), points, ...ofCampaigns }),
  Type.Object({
    on: Type.Literal('amount'),
    points,
    per: MinorUnits({ minimum: 1 }),
    currency: Currency(),
    rounding: Type.Optional(OneOf(['down', 'up', 'nearest'] as const)),
    ...ofCampaigns,
  }),
  Type.Object({
    on: Type.Literal('event'),
    points,
    event: EventType,
    times: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    tiered: ofCampaigns.tiered,
  }),
]);
export type EarningRule = Static<typeof EarningRule>;

/**
 * What `cost` points buy: a coupon of that campaign. `automatic`: it is issued, and its cost spent, as soon as the
 * balance reaches it (ten stamps, a free coffee); otherwise when the member asks. `channel`: how the coupon is sent;
 * `none` by default.
 */
export const RewardInput = Type.Object({
  id: Type.Optional(Id('reward')),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  cost: points,
  campaignId: Type.String({ minLength: 1, maxLength: 48 }),
  automatic: Type.Optional(Type.Boolean()),
  channel: Type.Optional(OneOf([...channels, 'none'] as const)),
});
export const Reward = Type.Object({
  id: Id('reward'),
  name: Type.String(),
  cost: Type.Integer(),
  campaignId: Type.String(),
  automatic: Type.Boolean(),
  channel: OneOf([...channels, 'none'] as const),
});
export type Reward = Static<typeof Reward>;

/**
 * By the points awarded within the period (spending takes none away): the last `months` months, or the calendar year
 * in the card's zone. `levels` ascend by `from`; anyone who is below the first has no tier. Up at once; down when the
 * period no longer holds enough (`down: atPeriodEnd`) or never.
 */
export const Tiers = Type.Object({
  period: Type.Union([
    Type.Object({ months: Type.Integer({ minimum: 1, maximum: 60 }) }),
    Type.Literal('calendarYear'),
  ]),
  down: Type.Optional(OneOf(['atPeriodEnd', 'never'] as const)),
  levels: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1, maxLength: 100 }),
      from: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
      /** What tiered awards are multiplied by, to two decimals; 1 by default. Results are rounded down. */
      multiplier: Type.Optional(Type.Number({ minimum: 1, maximum: 100 })),
    }),
    { minItems: 1, maxItems: 20 },
  ),
});
export type Tiers = Static<typeof Tiers>;

/**
 * `rolling`: each award is good for so long, the oldest spent first; to the end of that day in the card's zone.
 * `inactivity`: everything goes when nothing was earned nor spent for so long.
 */
export const Expiry = Type.Object({
  kind: OneOf(['rolling', 'inactivity'] as const),
  days: Type.Integer({ minimum: 1, maximum: 3_660 }),
});
export type Expiry = Static<typeof Expiry>;

const changeable = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  active: Type.Optional(Type.Boolean()),
  design: Type.Optional(CardDesign),
  /** IANA; UTC by default. */
  timezone: Type.Optional(Type.String({ maxLength: 64 })),
  earning: Type.Optional(Type.Array(EarningRule, { maxItems: 50 })),
  rewards: Type.Optional(Type.Array(RewardInput, { maxItems: 50 })),
  tiers: Type.Optional(Nullable(Tiers)),
  expiry: Type.Optional(Nullable(Expiry)),
  /** Days until what was awarded can be spent; 0 by default. */
  pendingDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 365 })),
};

/** The body of `POST /v1/loyalty/cards`. */
export const CardInput = Type.Object({ ...changeable, kind: OneOf(cardKinds) });
export type CardInput = Static<typeof CardInput>;
/** JSON merge patch (RFC 7396); lists are replaced whole, a reward that keeps its id stays the same reward. */
export const CardPatch = Type.Partial(Type.Object({ ...changeable, design: Type.Optional(CardDesignPatch) }));
export type CardPatch = Static<typeof CardPatch>;

export const Card = Type.Object({
  id: Id('card'),
  accountId: Id('account'),
  name: Type.String(),
  kind: OneOf(cardKinds),
  active: Type.Boolean(),
  design: CardDesign,
  timezone: Type.String(),
  earning: Type.Array(EarningRule),
  rewards: Type.Array(Reward),
  tiers: Nullable(Tiers),
  expiry: Nullable(Expiry),
  pendingDays: Type.Integer(),
  members: Type.Optional(Type.Integer()),
  version: Type.Integer(),
  createdAt: Instant(),
  updatedAt: Instant(),
});
export type Card = Static<typeof Card>;

const withCard = { accountId: Id('account'), cardId: Type.String({ maxLength: 48 }) };

/**
 * Asks issuance whether the rewards' campaigns are there. Fails with `card.invalid`, whose `errors` name the rule by its
 * path, and as unavailable while issuance is.
 */
export const CreateCard = defineCommand('loyalty', 'card.create', {
  request: Type.Object({ accountId: Id('account'), card: CardInput }),
  reply: Card,
});
/** What was earned under the old rules stays. Fails with `card.not_found`, and as CreateCard does. */
export const UpdateCard = defineCommand('loyalty', 'card.update', {
  request: Type.Object({ ...withCard, patch: CardPatch }),
  reply: Card,
});
/** With `members` unless configured otherwise: counting a million takes a while. Fails with `card.not_found`. */
export const GetCard = defineCommand('loyalty', 'card.get', {
  batch: true,
  request: Type.Object({ ...withCard, withMembers: Type.Optional(Type.Boolean()) }),
  reply: Card,
});
/** Newest first. Fails with `request.invalid_cursor`. */
export const ListCards = defineCommand('loyalty', 'card.list', {
  request: Type.Object({
    accountId: Id('account'),
    active: Type.Optional(Type.Boolean()),
    ...PageRequest,
  }),
  reply: Page(Card),
});

/** Fires when a card was made or changed. */
export const CardChanged = defineEvent('loyalty', 'card.changed.v1', Card);

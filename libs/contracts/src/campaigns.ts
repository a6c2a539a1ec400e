import { Type, type Static } from '@sinclair/typebox';
import { defineCommand, defineEvent } from './definitions';
import { channels, Currency, Id, Instant, MinorUnits, Nullable, OneOf, Page, PageRequest } from './values';

export const campaignStatuses = ['draft', 'active', 'paused', 'ended'] as const;
export const campaignTypes = ['direct', 'mystery', 'choice', 'game'] as const;
export const barcodeSymbologies = ['qrcode', 'code128', 'ean13', 'datamatrix', 'pdf417', 'gs1-8112'] as const;
export const limitPeriods = ['campaign', 'day', 'week', 'month', 'year'] as const;
export const redemptionChannels = ['store', 'online'] as const;
export const discountKinds = ['percent', 'amount', 'product', 'other'] as const;
export const repeatRules = ['sameCoupon', 'reject'] as const;

/** What the coupon's face says. `logoUrl` is for its passes in wallets. `color` is `#rrggbb`. */
export const CampaignContent = Type.Object({
  title: Type.Optional(Type.String({ maxLength: 200 })),
  description: Type.Optional(Type.String({ maxLength: 4_000 })),
  terms: Type.Optional(Type.String({ maxLength: 8_000 })),
  imageUrl: Type.Optional(Type.String({ maxLength: 2_000, pattern: '^https?://' })),
  logoUrl: Type.Optional(Type.String({ maxLength: 2_000, pattern: '^https?://' })),
  color: Type.Optional(Type.String({ pattern: '^#[0-9a-fA-F]{6}$' })),
});
export type CampaignContent = Static<typeof CampaignContent>;

/** `value`: percent points (0–100, fractions allowed) for `percent`, minor units for `amount`. */
export const Discount = Type.Object({
  kind: OneOf(discountKinds),
  value: Type.Optional(Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  currency: Type.Optional(Currency()),
  product: Type.Optional(Type.String({ maxLength: 200 })),
});
export type Discount = Static<typeof Discount>;

/**
 * Instants from 1970-01-01 to 9999-12-31 UTC. `daysAfterIssue: n` = each coupon is good to the end of the n-th
 * day, in the campaign's zone, after the one it becomes valid on: the day of issue, or that of a later `startsAt`.
 */
export const Validity = Type.Object({
  startsAt: Type.Optional(Nullable(Instant())),
  endsAt: Type.Optional(Nullable(Instant())),
  daysAfterIssue: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 3_660 }))),
});
export type Validity = Static<typeof Validity>;

/**
 * `length` counts everything after the prefix, the check character included. Of the barcode `ean13` prefix and length
 * are 13 digits together; of `gs1-8112` `length` is that of the serial number, and `funderId` (a GS1 Company Prefix)
 * and `offerCode` stand before it. When the stack falls to `lowStock`,
 * `codes.low_stock` is told, and a generated one gets `topUp` more codes by itself.
 */
export const CodeFormat = Type.Object({
  source: OneOf(['generated', 'imported'] as const),
  length: Type.Integer({ minimum: 6, maximum: 40 }),
  prefix: Type.String({ maxLength: 20, pattern: '^[A-Z0-9]*$' }),
  charset: Type.String({ minLength: 8, maxLength: 36, pattern: '^[A-Z0-9]+$' }),
  funderId: Type.Optional(Type.String({ pattern: '^[0-9]{6,12}$' })),
  offerCode: Type.Optional(Type.String({ pattern: '^[0-9]{6}$' })),
  lowStock: Type.Optional(Nullable(Type.Integer({ minimum: 0 }))),
  topUp: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 10_000_000 }))),
});
export type CodeFormat = Static<typeof CodeFormat>;

/**
 * `total`: how many coupons at most, ever; null = no bound. `perRecipient`: null = no bound; one a campaign
 * by default. `ignorePlus` folds `ann+x@…` into `ann@…`, `ignoreDots` folds `a.nn@…` into `ann@…`.
 */
export const Limits = Type.Object({
  total: Nullable(Type.Integer({ minimum: 0, maximum: 2_000_000_000 })),
  perRecipient: Nullable(
    Type.Object({ count: Type.Integer({ minimum: 1, maximum: 10_000 }), per: OneOf(limitPeriods) }),
  ),
  onRepeat: OneOf(repeatRules),
  ignorePlus: Type.Optional(Type.Boolean()),
  ignoreDots: Type.Optional(Type.Boolean()),
});
export type Limits = Static<typeof Limits>;

/**
 * Where and when a coupon may be spent; an absent rule does not bind. `weekdays`: ISO, 1 = Monday.
 * `hours`: local times `HH:MM` in the campaign's zone, `to` exclusive; `from` after `to` spans midnight.
 * `minBasket`: minor units of `currency`, which is the discount's unless it is named here.
 */
export const RedemptionRules = Type.Object({
  storeIds: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 10_000 })),
  channels: Type.Optional(Type.Array(OneOf(redemptionChannels), { maxItems: 2 })),
  minBasket: Type.Optional(Nullable(MinorUnits())),
  currency: Type.Optional(Currency()),
  weekdays: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 7 })),
  hours: Type.Optional(
    Nullable(
      Type.Object({
        from: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' }),
        to: Type.String({ pattern: '^([01][0-9]|2[0-4]):[0-5][0-9]$' }),
      }),
    ),
  ),
});
export type RedemptionRules = Static<typeof RedemptionRules>;

/** Local times `HH:MM`; `to` exclusive, `from` after `to` spans midnight. */
const quietHours = Type.Object({
  from: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' }),
  to: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' }),
});

/**
 * Liquid texts; what they may refer to is in the notification service's README. `quietHours`: when nothing goes
 * out to a list, by the recipient's time zone where their phone number's country has one, else the campaign's.
 */
export const CampaignMessages = Type.Object({
  sms: Type.Optional(Type.Object({ body: Type.String({ minLength: 1, maxLength: 1_600 }) })),
  email: Type.Optional(
    Type.Object({
      subject: Type.Optional(Type.String({ maxLength: 500 })),
      text: Type.Optional(Type.String({ maxLength: 100_000 })),
      html: Type.Optional(Type.String({ maxLength: 200_000 })),
    }),
  ),
  quietHours: Type.Optional(Nullable(quietHours)),
});
export type CampaignMessages = Static<typeof CampaignMessages>;

export const Offer = Type.Object({
  id: Type.String({ maxLength: 48 }),
  content: Type.Optional(CampaignContent),
  discount: Type.Optional(Discount),
  weight: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000 })),
  total: Type.Optional(Nullable(Type.Integer({ minimum: 0 }))),
});
export type Offer = Static<typeof Offer>;
/** An offer as a caller writes it; one without an id is given one. */
export const OfferInput = Type.Object({ ...Offer.properties, id: Type.Optional(Offer.properties.id) });

const Country = () => Type.String({ pattern: '^[A-Z]{2}$' });

/**
 * Whether consumers may claim by themselves, from which origins (the hosted page is always one), and how. `channel`:
 * what the claim is answered over. `country`: how a number without its country is read, and with `countries` (else
 * alone) where a number may be from; ISO 3166-1 alpha-2. Countries that share a calling code are one, because their
 * numbers look alike to the people who have them (07911 123456 is a Guernsey number); `exactCountry` tells them apart.
 * `consent`: the text they agree to. `perHour`: claims served an hour at most. `passcode`, `proofOfWork`, `captcha`:
 * what is asked of them before a claim counts.
 */
export const ClaimRules = Type.Object({
  public: Type.Optional(Type.Boolean()),
  origins: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 })),
  channel: Type.Optional(OneOf(channels)),
  country: Type.Optional(Country()),
  countries: Type.Optional(Type.Array(Country(), { maxItems: 250 })),
  exactCountry: Type.Optional(Type.Boolean()),
  consent: Type.Optional(Type.String({ maxLength: 2_000 })),
  perHour: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 }))),
  passcode: Type.Optional(Type.Boolean()),
  proofOfWork: Type.Optional(Type.Boolean()),
  captcha: Type.Optional(Type.Boolean()),
});
export type ClaimRules = Static<typeof ClaimRules>;

export const playPeriods = ['campaign', 'day', 'week', 'month'] as const;

/** Of a campaign of type `game`: one play a person a period (the campaign's zone), won with `winChance` (0–1). */
export const GameRules = Type.Object({
  winChance: Type.Number({ minimum: 0, maximum: 1 }),
  per: OneOf(playPeriods),
});
export type GameRules = Static<typeof GameRules>;

const settings = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  status: OneOf(campaignStatuses),
  type: OneOf(campaignTypes),
  content: CampaignContent,
  discount: Nullable(Discount),
  timezone: Type.String({ maxLength: 64 }),
  validity: Validity,
  codes: CodeFormat,
  barcode: OneOf(barcodeSymbologies),
  limits: Limits,
  redemption: RedemptionRules,
  messages: CampaignMessages,
  offers: Type.Array(Offer, { maxItems: 100 }),
  claim: ClaimRules,
  game: Type.Optional(Nullable(GameRules)),
};

/** A campaign as it stands; `version` grows with every change. */
export const Campaign = Type.Object({
  id: Id('campaign'),
  accountId: Id('account'),
  version: Type.Integer({ minimum: 1 }),
  ...settings,
  createdAt: Instant(),
  updatedAt: Instant(),
});
export type Campaign = Static<typeof Campaign>;

/** A campaign with its counters, as its owner tells them. `stock`: codes of its stack not yet given out. */
export const CampaignView = Type.Composite([
  Campaign,
  Type.Object({ issued: Type.Integer(), stock: Nullable(Type.Integer()) }),
]);
export type CampaignView = Static<typeof CampaignView>;

/** What a caller may say of a campaign; everything but the name has a default. */
export const CampaignInput = Type.Composite([
  Type.Object({ name: settings.name }),
  Type.Partial(
    Type.Object({
      ...Type.Omit(Type.Object(settings), ['name', 'codes', 'limits', 'offers']).properties,
      codes: Type.Partial(CodeFormat),
      limits: Type.Partial(Limits),
      offers: Type.Array(OfferInput, { maxItems: 100 }),
    }),
  ),
]);
export type CampaignInput = Static<typeof CampaignInput>;

/** A change: named members replace; inside an object member by member (RFC 7396); null removes. */
export const CampaignPatch = Type.Record(Type.String(), Type.Unknown());

/** Fails with `campaign.invalid`. `timezone` is kept in the spelling of the tz database. */
export const CreateCampaign = defineCommand('issuance', 'campaign.create', {
  request: Type.Object({ accountId: Id('account'), campaign: CampaignInput }),
  reply: CampaignView,
});
/** Fails with `campaign.not_found`. */
export const GetCampaign = defineCommand('issuance', 'campaign.get', {
  request: Type.Object({ accountId: Id('account'), campaignId: Type.String({ maxLength: 48 }) }),
  reply: CampaignView,
});
/** Of any account, for pages that anyone may open. Fails with `campaign.not_found`. */
export const FindCampaign = defineCommand('issuance', 'campaign.find', {
  batch: true,
  request: Type.Object({ campaignId: Type.String({ maxLength: 48 }) }),
  reply: Campaign,
});
/** Fails with `request.invalid_cursor`. */
export const ListCampaigns = defineCommand('issuance', 'campaign.list', {
  request: Type.Object({
    accountId: Id('account'),
    status: Type.Optional(OneOf(campaignStatuses)),
    ...PageRequest,
  }),
  reply: Page(CampaignView),
});
/** Fails with `campaign.not_found`, `campaign.invalid`; `codes` and `type` cannot change once coupons are out. */
export const UpdateCampaign = defineCommand('issuance', 'campaign.update', {
  request: Type.Object({
    accountId: Id('account'),
    campaignId: Type.String({ maxLength: 48 }),
    patch: CampaignPatch,
  }),
  reply: CampaignView,
});

/** Fires when a campaign was created or changed; the item is the whole campaign, the highest version wins. */
export const CampaignChanged = defineEvent('issuance', 'campaign.changed.v1', Campaign);

import { Type, type Static } from '@sinclair/typebox';
import { Source } from './coupons';
import { defineCommand, defineEvent } from './definitions';
import { Currency, Id, Instant, MinorUnits, Nullable, OneOf, Page, PageRequest } from './values';

/** Fires when a coupon's page was opened by what looks like a person; not for every look, at least for the first. */
export const CouponPageOpened = defineEvent(
  'gateway',
  'coupon.page_opened.v1',
  Type.Object({
    accountId: Id('account'),
    campaignId: Id('campaign'),
    couponId: Id('coupon'),
    at: Instant(),
  }),
);

/** When the pages of these coupons were first opened; those that never were are left out. */
export const GetCouponPageOpenings = defineCommand('insights', 'coupon-page-openings.get', {
  request: Type.Object({
    accountId: Id('account'),
    couponIds: Type.Array(Type.String({ maxLength: 48 }), { maxItems: 500 }),
  }),
  reply: Type.Object({
    data: Type.Array(Type.Object({ couponId: Type.String(), openedAt: Instant() })),
  }),
});

/**
 * Running totals of one gateway process (`counter`, new with each start) for one campaign, source and quarter of an
 * hour. Told again with higher numbers while the quarter lasts: anyone who adds up takes the highest of each counter.
 */
export const TrafficCounted = defineEvent(
  'gateway',
  'traffic.totals_counted.v1',
  Type.Object({
    accountId: Id('account'),
    campaignId: Id('campaign'),
    counter: Type.String({ maxLength: 50 }),
    source: Source,
    intervalStart: Instant(),
    views: Type.Integer({ minimum: 0 }),
    clicks: Type.Integer({ minimum: 0 }),
    botViews: Type.Integer({ minimum: 0 }),
    botClicks: Type.Integer({ minimum: 0 }),
  }),
);
export type TrafficItem = Static<(typeof TrafficCounted)['item']>;

/** Fires when a campaign's public claims were stopped because hardly any of the messages they brought out were followed. */
export const ClaimsHalted = defineEvent(
  'gateway',
  'campaign.claims_halted.v1',
  Type.Object({
    accountId: Id('account'),
    campaignId: Id('campaign'),
    served: Type.Integer(),
    opened: Type.Integer(),
    at: Instant(),
  }),
);

export const reportGroups = ['source', 'store', 'channel', 'day', 'campaign'] as const;
export type ReportGroup = (typeof reportGroups)[number];
export const reportIntervals = ['day', 'week', 'month'] as const;

/** A day of the campaign's calendar, `YYYY-MM-DD`. */
export const Day = () => Type.String({ format: 'date' });

/**
 * One line of the funnel. Coupons are counted where and when they were issued, whatever happened to them since; by
 * store or channel, those that were redeemed there (the last place, when that was undone). `revenue` (baskets before
 * their discount), `discount`, `spend`: minor units of `currency`; a line is of one currency, `XXX` = told without
 * one. A group with several has a line for each, and one without money (null) for what was not redeemed. `redeemed`
 * are spent now; `reversed` counts redemptions undone. Null = nothing to divide by, or not told.
 */
export const FunnelLine = Type.Object({
  group: Type.Record(Type.String(), Nullable(Type.String())),
  currency: Nullable(Type.String()),
  views: Type.Integer(),
  clicks: Type.Integer(),
  botViews: Type.Integer(),
  botClicks: Type.Integer(),
  issued: Type.Integer(),
  sent: Type.Integer(),
  delivered: Type.Integer(),
  opened: Type.Integer(),
  redeemed: Type.Integer(),
  reversed: Type.Integer(),
  voided: Type.Integer(),
  revenue: Type.Integer(),
  discount: Type.Integer(),
  spend: Type.Integer(),
  costPerRedemption: Nullable(Type.Number()),
  /** Revenue over spend. */
  returnOnSpend: Nullable(Type.Number()),
  secondsToRedeem: Type.Object({ median: Nullable(Type.Number()), p90: Nullable(Type.Number()) }),
});
export type FunnelLine = Static<typeof FunnelLine>;

const span = { from: Type.Optional(Day()), to: Type.Optional(Day()) };

/**
 * `from`, `to`: days, both included. `groupBy` of several crosses them. `total` has money only when there is one
 * currency. Fails with `campaign.not_found`, `report.invalid_span`, `report.too_many_lines`.
 */
export const GetFunnel = defineCommand('insights', 'funnel.get', {
  deadlineMs: 15_000,
  request: Type.Object({
    accountId: Id('account'),
    campaignId: Type.Optional(Type.String({ maxLength: 48 })),
    groupBy: Type.Array(OneOf(reportGroups), { maxItems: 5, uniqueItems: true }),
    ...span,
  }),
  reply: Type.Object({ data: Type.Array(FunnelLine), total: FunnelLine }),
});

/**
 * What happened in each day, week (from Monday) or month; days without anything are there, with noughts. A reversal
 * takes its revenue back on the day it was made. Money is of one currency: the one asked for, else the most used;
 * `currencies` are all there are. Fails with `campaign.not_found`, `report.invalid_span`, `report.too_many_lines`.
 */
export const GetTimeseries = defineCommand('insights', 'timeseries.get', {
  deadlineMs: 15_000,
  request: Type.Object({
    accountId: Id('account'),
    campaignId: Type.String({ maxLength: 48 }),
    interval: OneOf(reportIntervals),
    currency: Type.Optional(Currency()),
    ...span,
  }),
  reply: Type.Object({
    data: Type.Array(
      Type.Object({
        day: Day(),
        views: Type.Integer(),
        clicks: Type.Integer(),
        issued: Type.Integer(),
        opened: Type.Integer(),
        redeemed: Type.Integer(),
        reversed: Type.Integer(),
        revenue: Type.Integer(),
        discount: Type.Integer(),
        spend: Type.Integer(),
      }),
    ),
    currency: Nullable(Type.String()),
    currencies: Type.Array(Type.String()),
  }),
});

/**
 * What happened on a loyalty card in each day, week (from Monday) or month of the card's zone; those without anything
 * between the first and the last are there, with noughts. Points are as the events name them: what an undone spend
 * gives back is awarded, what an undone award takes back is spent. `membersChangedTier`: each member once a line.
 * Fails with `card.not_found`, `report.invalid_span`, `report.too_many_lines`.
 */
export const GetLoyaltyReport = defineCommand('insights', 'loyalty.get', {
  deadlineMs: 15_000,
  request: Type.Object({
    accountId: Id('account'),
    cardId: Type.String({ maxLength: 48 }),
    groupBy: OneOf(reportIntervals),
    ...span,
  }),
  reply: Type.Object({
    data: Type.Array(
      Type.Object({
        day: Day(),
        membersEnrolled: Type.Integer(),
        pointsAwarded: Type.Integer(),
        pointsSpent: Type.Integer(),
        pointsExpired: Type.Integer(),
        rewardsIssued: Type.Integer(),
        membersChangedTier: Type.Integer(),
      }),
    ),
  }),
});

export const Spend = Type.Object({
  source: Source,
  amount: MinorUnits(),
  currency: Currency(),
  day: Day(),
});
export const SpendEntry = Type.Object({ id: Id('spend'), ...Spend.properties });
export type SpendEntry = Static<typeof SpendEntry>;
/** Money spent on an ad on a day; several add up, the same id counts once. Fails with `campaign.not_found`. */
export const AddSpend = defineCommand('insights', 'spend.add', {
  request: Type.Object({
    accountId: Id('account'),
    campaignId: Type.String({ maxLength: 48 }),
    id: Id('spend'),
    ...Spend.properties,
  }),
  reply: SpendEntry,
});
/** The latest day first. Fails with `campaign.not_found`, `request.invalid_cursor`. */
export const ListSpend = defineCommand('insights', 'spend.list', {
  request: Type.Object({
    accountId: Id('account'),
    campaignId: Type.String({ maxLength: 48 }),
    ...PageRequest,
  }),
  reply: Page(SpendEntry),
});
/** Reports are as if it had never been told. Fails with `spend.not_found`. */
export const RemoveSpend = defineCommand('insights', 'spend.remove', {
  request: Type.Object({
    accountId: Id('account'),
    campaignId: Type.String({ maxLength: 48 }),
    spendId: Type.String({ maxLength: 48 }),
  }),
  reply: Type.Object({}),
});

export const rebuildStates = ['never', 'waiting', 'running', 'done', 'failed'] as const;

/** How far an account's reports have been read anew from the owners; figures are of the newest rebuild. */
export const Rebuild = Type.Object({
  state: OneOf(rebuildStates),
  requestedAt: Nullable(Instant()),
  startedAt: Nullable(Instant()),
  finishedAt: Nullable(Instant()),
  campaigns: Type.Integer(),
  coupons: Type.Integer(),
  redemptions: Type.Integer(),
  deliveries: Type.Integer(),
  error: Nullable(Type.String()),
});
export type Rebuild = Static<typeof Rebuild>;

/** Reads everything that reports are made of anew, in the background; the old figures are shown until it is done. */
export const RebuildReports = defineCommand('insights', 'reports.rebuild', {
  request: Type.Object({ accountId: Id('account') }),
  reply: Rebuild,
});
export const GetRebuild = defineCommand('insights', 'reports.get_rebuild', {
  request: Type.Object({ accountId: Id('account') }),
  reply: Rebuild,
});

import type { ReportGroup } from '@tearoff/contracts';
import { liveGeneration } from '../rebuild/generations';

// $1 account, $2 campaign or null, $3 first day or null, $4 last day or null. A day is one of the campaign's own
// calendar and worked out here, never kept: anyone who corrects a campaign's zone has corrected every report.

const zone = `coalesce(c.timezone, 'UTC')`;
const ofCampaign = (table: string): string => `left join campaign c on c.account_id = ${table}.account_id
  and c.generation = ${liveGeneration} and c.id = ${table}.campaign_id
  where ${table}.account_id = $1 and ($2::text is null or ${table}.campaign_id = $2)`;

const within = (instant: string): string =>
  `and ($3::date is null or ${instant} >= ($3::date)::timestamp at time zone ${zone})
   and ($4::date is null or ${instant} < ($4::date + 1)::timestamp at time zone ${zone})`;

type Expressions = Record<ReportGroup, string>;

const couponGroups: Expressions = {
  source: 'f.source',
  store: 'f.store_id',
  channel: 'f.channel',
  day: `(f.issued_at at time zone ${zone})::date`,
  campaign: 'f.campaign_id',
};
const trafficGroups: Expressions = {
  source: 't.source',
  store: 'null::text',
  channel: 'null::text',
  day: `(t.quarter at time zone ${zone})::date`,
  campaign: 't.campaign_id',
};
const spendGroups: Expressions = {
  source: 's.source',
  store: 'null::text',
  channel: 'null::text',
  day: 's.day',
  campaign: 's.campaign_id',
};

/** The values as they are in the rows, to group by. */
const values = (groups: readonly ReportGroup[], by: Expressions): string =>
  groups.map((group, index) => `${by[group]} as g${index}, `).join('');
const byValues = (groups: readonly ReportGroup[]): string =>
  ['currency', ...groups.map((_, index) => `g${index}`)].join(', ');

/** The same as one array of texts, made of the few groups and not of every row: half the time for a million. */
const keyOf = (groups: readonly ReportGroup[]): string =>
  `array[${groups.map(textOf).join(', ')}]::text[] as key`;
const textOf = (group: ReportGroup, index: number): string =>
  group === 'source' ? `nullif(g${index}, '')` : `g${index}::text`;

const coupons = `from coupon_fact f ${ofCampaign('f')} and f.generation = ${liveGeneration}
  and f.issued_at is not null ${within('f.issued_at')}`;

/** Rows of (key, currency) with counts; what has no money has the currency null. */
export const couponCounts = (groups: readonly ReportGroup[]): string =>
  `select ${keyOf(groups)}, counted.* from (select ${values(groups, couponGroups)} f.currency,
     count(*)::int as issued,
     count(*) filter (where f.sent)::int as sent,
     count(*) filter (where f.delivered)::int as delivered,
     count(f.opened_at)::int as opened,
     count(f.redeemed_at)::int as redeemed,
     sum(f.reversals)::int as reversed,
     count(f.voided_at)::int as voided,
     coalesce(sum(f.revenue), 0)::float8 as revenue,
     coalesce(sum(f.discount), 0)::float8 as discount
   ${coupons} group by ${byValues(groups)}) counted limit $5`;

/**
 * How long redeeming took, for each (key, currency), for each key whatever the currency (`whole`), and for all (key
 * null): a percentile cannot be put together from those of parts. A statement of its own, over the redeemed alone:
 * beside the counts it would have every coupon sorted.
 */
export const secondsToRedeem = (groups: readonly ReportGroup[]): string =>
  `select key, currency, grouping(currency) = 1 as whole, grouping(key) = 1 as total,
     percentile_cont(0.5) within group (order by seconds) as median,
     percentile_cont(0.9) within group (order by seconds) as p90
   from (select ${keyOf(groups)}, currency, seconds
         from (select ${values(groups, couponGroups)} f.currency,
                 extract(epoch from f.redeemed_at - f.issued_at)::float8 as seconds
               ${coupons} and f.redeemed_at is not null) redeemed) keyed
   group by grouping sets ((key, currency), (key), ())`;

export const trafficCounts = (groups: readonly ReportGroup[]): string =>
  `select ${keyOf(groups)}, counted.* from (select ${values(groups, trafficGroups)} null::text as currency,
     sum(t.views)::float8 as views, sum(t.clicks)::float8 as clicks, sum(t.bot_views)::float8 as "botViews",
     sum(t.bot_clicks)::float8 as "botClicks"
   from traffic t ${ofCampaign('t')} ${within('t.quarter')} group by ${byValues(groups)}) counted limit $5`;

export const spendSums = (groups: readonly ReportGroup[]): string =>
  `select ${keyOf(groups)}, counted.* from (select ${values(groups, spendGroups)} s.currency,
     sum(s.amount)::float8 as spend
   from spend s where s.account_id = $1 and ($2::text is null or s.campaign_id = $2)
     and ($3::date is null or s.day >= $3::date) and ($4::date is null or s.day <= $4::date)
   group by ${byValues(groups)}) counted limit $5`;

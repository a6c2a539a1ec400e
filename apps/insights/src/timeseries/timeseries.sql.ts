import { liveGeneration } from '../rebuild/generations';

// $1 account, $2 campaign.

/** Currencies that the campaign's money is in, the most used first. */
export const currenciesStatement = `
  select currency, count(*) as uses from (
    select currency from redemption_fact
    where account_id = $1 and generation = ${liveGeneration} and campaign_id = $2 and currency is not null
    union all
    select currency from spend where account_id = $1 and campaign_id = $2) told
  group by currency order by uses desc, currency`;

const day = (instant: string): string => `(${instant} at time zone $3)::date`;
const ofCoupons = `from coupon_fact where account_id = $1 and generation = ${liveGeneration} and campaign_id = $2
  and issued_at is not null`;
const ofRedemptions = `from redemption_fact where account_id = $1 and generation = ${liveGeneration}
  and campaign_id = $2 and channel is not null`;
const money = (column: string): string => `coalesce(sum(${column}) filter (where currency = $7), 0)`;

/** $3 the campaign's zone, $4 first day or null, $5 last day or null, $6 interval, $7 currency. Sums are joined up by the last select. */
export const happeningsStatement = `
  with happening (day, views, clicks, issued, opened, redeemed, reversed, revenue, discount, spend) as (
    select ${day('quarter')}, sum(views), sum(clicks), 0, 0, 0, 0, 0, 0, 0
      from traffic where account_id = $1 and campaign_id = $2 group by 1
    union all select ${day('issued_at')}, 0, 0, count(*), 0, 0, 0, 0, 0, 0 ${ofCoupons} group by 1
    union all select ${day('opened_at')}, 0, 0, 0, count(*), 0, 0, 0, 0, 0 ${ofCoupons}
      and opened_at is not null group by 1
    union all select ${day('redeemed_at')}, 0, 0, 0, 0, count(*), 0, ${money('revenue')}, ${money('discount')}, 0
      ${ofRedemptions} group by 1
    union all select ${day('reversed_at')}, 0, 0, 0, 0, 0, count(*), -${money('revenue')}, -${money('discount')}, 0
      ${ofRedemptions} and reversed_at is not null group by 1
    union all select day, 0, 0, 0, 0, 0, 0, 0, 0, ${money('amount')}
      from spend where account_id = $1 and campaign_id = $2 group by 1)
  select to_char(date_trunc($6, day::timestamp), 'YYYY-MM-DD') as day,
    sum(views)::float8 as views, sum(clicks)::float8 as clicks, sum(issued)::float8 as issued,
    sum(opened)::float8 as opened, sum(redeemed)::float8 as redeemed, sum(reversed)::float8 as reversed,
    sum(revenue)::float8 as revenue, sum(discount)::float8 as discount, sum(spend)::float8 as spend
  from happening
  where ($4::date is null or day >= $4::date) and ($5::date is null or day <= $5::date)
  group by 1 order by 1`;

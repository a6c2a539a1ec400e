import type { PreparedStatement } from '@tearoff/service-kit';
import { targets } from '../rebuild/generations';

// Every statement takes its facts as JSON ($1) and merges them by rules that neither order nor repetition changes:
// what is told once is set, of two instants the earlier holds, a flag stays up. A coupon not heard of yet gets a stub.

const couponKey = 'account_id text, coupon_id text, campaign_id text';
const mergedInto = 'on conflict (account_id, generation, coupon_id) do update set';

const couponStatement = (name: string, columns: string, sets: string, types: string): PreparedStatement => ({
  name,
  text: `with item as (select * from json_to_recordset($1::json) as row (${couponKey}, ${types})), ${targets}
    insert into coupon_fact (account_id, generation, coupon_id, campaign_id, ${columns})
    select account_id, generation, coupon_id, campaign_id, ${columns} from item join target using (account_id)
    ${mergedInto} ${sets}`,
});

export const issueStatement = couponStatement(
  'fact-issue',
  'source, issued_at',
  'campaign_id = excluded.campaign_id, source = excluded.source, issued_at = excluded.issued_at',
  'source text, issued_at timestamptz',
);

export const deliveryStatement = couponStatement(
  'fact-delivery',
  'sent, delivered',
  'sent = true, delivered = coupon_fact.delivered or excluded.delivered',
  'sent boolean, delivered boolean',
);

export const voidStatement = couponStatement(
  'fact-void',
  'voided_at',
  'voided_at = least(coupon_fact.voided_at, excluded.voided_at)',
  'voided_at timestamptz',
);

export const openingStatement = couponStatement(
  'fact-opening',
  'opened_at',
  'opened_at = least(coupon_fact.opened_at, excluded.opened_at)',
  'opened_at timestamptz',
);

/** Ours to keep: what `openingStatement` puts on the coupons is put there again from here by a rebuild. */
export const openingHistoryStatement: PreparedStatement = {
  name: 'opening-history',
  text: `insert into face_opening (account_id, coupon_id, campaign_id, opened_at)
    select * from json_to_recordset($1::json) as row (${couponKey}, opened_at timestamptz)
    on conflict (account_id, coupon_id) do update
      set opened_at = least(face_opening.opened_at, excluded.opened_at)`,
};

/** A redemption and its reversal are distinguished: each fills in what it knows, whichever comes first. */
export const redemptionStatement: PreparedStatement = {
  name: 'fact-redemption',
  text: `with item as (select * from json_to_recordset($1::json) as row (${couponKey}, redemption_id text,
      store_id text, channel text, currency text, revenue bigint, discount bigint, redeemed_at timestamptz,
      reversed_at timestamptz)), ${targets}
    insert into redemption_fact (account_id, generation, redemption_id, coupon_id, campaign_id, store_id, channel,
      currency, revenue, discount, redeemed_at, reversed_at)
    select account_id, generation, redemption_id, coupon_id, campaign_id, store_id, channel, currency, revenue,
      discount, redeemed_at, reversed_at
    from item join target using (account_id)
    on conflict (account_id, generation, redemption_id) do update set
      channel = coalesce(redemption_fact.channel, excluded.channel),
      currency = coalesce(redemption_fact.currency, excluded.currency),
      revenue = coalesce(redemption_fact.revenue, excluded.revenue),
      discount = coalesce(redemption_fact.discount, excluded.discount),
      reversed_at = coalesce(redemption_fact.reversed_at, excluded.reversed_at)`,
};

/** Works out anew what a coupon's redemptions make of it: the one that stands, else the last that was undone. */
export const spentStatement: PreparedStatement = {
  name: 'fact-spent',
  text: `with item as (select distinct * from json_to_recordset($1::json) as row (${couponKey})), ${targets},
    spent as (
      select distinct on (r.account_id, r.generation, r.coupon_id) r.*,
        count(r.reversed_at) over (partition by r.account_id, r.generation, r.coupon_id) as reversals
      from item join target using (account_id)
      join redemption_fact r using (account_id, generation, coupon_id)
      order by r.account_id, r.generation, r.coupon_id, r.reversed_at is null desc, r.redeemed_at desc,
        r.redemption_id desc)
    insert into coupon_fact (account_id, generation, coupon_id, campaign_id, redeemed_at, store_id, channel, currency,
      revenue, discount, reversals)
    select account_id, generation, coupon_id, campaign_id, case when reversed_at is null then redeemed_at end,
      store_id, channel, case when reversed_at is null then currency end,
      case when reversed_at is null then revenue end, case when reversed_at is null then discount end, reversals
    from spent
    ${mergedInto} redeemed_at = excluded.redeemed_at, store_id = excluded.store_id, channel = excluded.channel,
      currency = excluded.currency, revenue = excluded.revenue, discount = excluded.discount,
      reversals = excluded.reversals`,
};

import { couponState } from '../coupons/coupon.entity';
import { nextInstant } from '../coupons/coupon.sql';
import type { Question } from './question';

/** A coupon is known, its campaign is not yet: to be fetched, never to be told. */
export const unknownCampaign = 'unknown_campaign';

const questionColumns = {
  pos: 'int',
  account_id: 'text',
  code: 'text',
  other_code: 'text',
  store_id: 'text',
  channel: 'text',
  total: 'bigint',
  currency: 'text',
  with_reservation: 'text',
} as const;

/** One array a column, for `unnest`: the statement's text does not depend on how many there are. */
export const questionValues = (questions: readonly Question[]): unknown[][] => [
  questions.map(({ pos }) => pos),
  questions.map(({ accountId }) => accountId),
  questions.map(({ code }) => code),
  questions.map(({ otherCode }) => otherCode),
  questions.map(({ storeId }) => storeId),
  questions.map(({ channel }) => channel),
  questions.map(({ total }) => total),
  questions.map(({ currency }) => currency),
  questions.map(({ reservationId }) => reservationId),
];

/** The number of the first parameter that is free after the questions' own. */
export const firstFreeParameter = Object.keys(questionColumns).length + 1;

/** A campaign that was projected by an instance of before has the currency in its discount alone. */
const minCurrency = `coalesce(k.min_currency, k.discount->>'currency')`;

/**
 * Why coupon and question `t` under campaign `k` at the local time `z` do not fit together; null when they do.
 * In the order of `refusalReasons`. `greatest` and `least` pass over nulls: an absent bound does not bind.
 * After midnight, hours that span it belong to the weekday on which they began.
 * A basket that names no currency is taken to be in the campaign's (ADR 23).
 */
const reason = `case
    when t.state = ${couponState.redeemed} then 'already_redeemed'
    when t.state = ${couponState.voided} then 'voided'
    when k.id is null then '${unknownCampaign}'
    when k.status = 'ended' then 'campaign_ended'
    when k.status <> 'active' then 'campaign_paused'
    when t.at < greatest(t.valid_from, k.starts_at) then 'not_yet_valid'
    when t.at > least(t.own_valid_to, k.ends_at) then 'expired'
    when k.store_ids is not null and (t.store_id = any (k.store_ids)) is not true then 'wrong_store'
    when t.channel <> all (k.channels) then 'wrong_channel'
    when k.hours_from < k.hours_to and (z.local::time < k.hours_from or z.local::time >= k.hours_to)
      or k.hours_from > k.hours_to and z.local::time >= k.hours_to and z.local::time < k.hours_from
      or extract(isodow from case
           when k.hours_from > k.hours_to and z.local::time < k.hours_to then z.local - interval '1 day'
           else z.local
         end) <> all (k.weekdays) then 'wrong_time'
    when t.currency <> case when k.min_basket is not null then ${minCurrency} end
      or d.discount->>'kind' = 'amount' and t.currency <> d.discount->>'currency' then 'wrong_currency'
    when t.total < k.min_basket or k.min_basket is not null and t.total is null then 'min_basket'
    when t.reserved_until > t.at and t.reservation_id is distinct from t.with_reservation then 'reserved'
  end`;

/** What the discount takes off this basket: half a minor unit rounds up, never more than the total. */
const amount = `case
    when t.total is null then null
    when d.discount->>'kind' = 'percent'
      then least(round(t.total * (d.discount->>'value')::numeric / 100), t.total)
    when d.discount->>'kind' = 'amount' and d.discount->>'value' is not null
      and coalesce(t.currency = d.discount->>'currency', true)
      then least(round((d.discount->>'value')::numeric), t.total)
  end`;

/** A text that can be read as two codes means the first of them that exists. Nearly every text has one reading. */
const codeMeant = `case when q.other_code is null then q.code else coalesce(
    (select known.code from coupon known where known.account_id = q.account_id and known.code = q.code),
    q.other_code) end`;

/** A percentage takes off the basket's own currency, whichever the discount names. */
const appliedDiscount = `d.discount || jsonb_build_object('amount', ${amount})
  || case when d.discount->>'kind' = 'percent' and d.discount ? 'currency' and t.currency is not null
       then jsonb_build_object('currency', t.currency) else '{}' end`;

interface EligibilityOptions {
  /** Lock the coupons, in the order of their codes, and judge them as they are once locked. */
  lock: boolean;
  /** Further columns of the questions, with their types; their values follow `questionValues`. */
  extra?: Readonly<Record<string, string>>;
  /** Tell `content` too: what the coupon says, its offer's words before its campaign's. */
  content?: boolean;
  /** Further columns of `coupon c`. */
  couponColumns?: readonly string[];
  /** Further columns of `evaluated`, made of the coupon and question `t`. */
  columns?: Readonly<Record<string, string>>;
}

/**
 * The one place that decides whether a coupon can be spent: common table expressions that end in `evaluated`, a
 * row a question whose code is known, with `reason` (null = it can), `discount` (with its amount), `valid_to`
 * and the instant `at` for which all this holds. Validations, redemptions and reservations begin
 * with it, so that they cannot disagree.
 */
export function eligibility({
  lock,
  extra = {},
  content = false,
  couponColumns = [],
  columns = {},
}: EligibilityOptions): string {
  const given = Object.entries({ ...questionColumns, ...extra });
  const parameters = given.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ');
  const names = given.map(([name]) => name).join(', ');
  const asked = given.flatMap(([name]) => (name === 'code' || name === 'other_code' ? [] : `q.${name}`));
  // Read only after the lock is held: those who are told of a redemption and of its reversal compare instants
  // to know which came last.
  const at = lock ? nextInstant : 'clock_timestamp()';
  return `held as materialized (
  select ${asked.join(', ')}, c.code, c.coupon_id, c.printed_code, c.campaign_id, c.offer_id, c.valid_from, c.own_valid_to, c.state,
    c.changed_at, c.redemption_id, c.redeemed_at, c.redeemed_store_id, c.redeemed_ref, c.reservation_id,
    c.reserved_until${couponColumns.map((name) => `, c.${name}`).join('')}
  from unnest(${parameters}) as q (${names})
  join coupon c on c.account_id = q.account_id and c.code = ${codeMeant}
  ${lock ? 'order by c.account_id, c.code for update of c' : ''}
), timed as materialized (
  select c.*, ${at} as at from held c
), evaluated as materialized (
  select t.*, ${reason} as reason,
    ${appliedDiscount} as discount, k.min_basket, ${minCurrency} as min_currency,
    ${Object.entries(columns)
      .map(([name, expression]) => `${expression} as ${name},`)
      .join(' ')}
    ${content ? `k.content || coalesce(o.offer->'content', '{}') as content,` : ''}
    least(t.own_valid_to, k.ends_at) as valid_to
  from timed t
  left join campaign k on k.id = t.campaign_id
  left join lateral (
    select offer from jsonb_array_elements(k.offers) as offer
    where t.offer_id is not null and offer->>'id' = t.offer_id limit 1
  ) o on true
  cross join lateral (select coalesce(o.offer->'discount', k.discount) as discount) d
  cross join lateral (
    select case when k.weekdays is not null or k.hours_from is not null then t.at at time zone k.timezone end as local
  ) z
)`;
}

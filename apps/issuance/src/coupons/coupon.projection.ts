import type { CouponVoided, DeliverySettled, ItemOf } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';

interface Named {
  accountId: string;
  couponId: string;
}

interface RedemptionNews extends Named {
  /** Null = it was reversed. */
  redeemedAt: string | null;
  storeId: string | null;
  changedAt: string;
}

/**
 * The latest word counts. A reversal outranks the redemption of the same instant: it can only have followed.
 * All three lock their coupons in one order: the same coupons are told of by several events at once.
 */
export async function applyRedemptions(tx: Transaction, news: readonly RedemptionNews[]): Promise<void> {
  await lock(tx, news);
  await prepared(tx, redemptionsStatement, [
    ...names(news),
    news.map((item) => item.redeemedAt),
    news.map((item) => item.storeId),
    news.map((item) => item.changedAt),
  ]);
}

const redemptionsStatement = {
  name: 'coupon-redemptions',
  text: `
    with news as (
      select distinct on (account_id, id) * from unnest(
        $1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::timestamptz[]
      ) as news (account_id, id, redeemed_at, store_id, changed_at)
      order by account_id, id, changed_at desc, redeemed_at is null desc
    )
    update coupon
    set redeemed_at = news.redeemed_at, redeemed_store_id = news.store_id,
        redemption_changed_at = news.changed_at
    from news
    where coupon.account_id = news.account_id and coupon.id = news.id
      and (coupon.redemption_changed_at is null or news.changed_at > coupon.redemption_changed_at
           or (news.changed_at = coupon.redemption_changed_at and news.redeemed_at is null))`,
};

/** A void is for ever; the first instant heard of stays. */
export async function applyVoids(
  tx: Transaction,
  news: readonly ItemOf<typeof CouponVoided>[],
): Promise<void> {
  await lock(tx, news);
  await tx.query(
    `update coupon set voided_at = news.voided_at
     from unnest($1::text[], $2::text[], $3::timestamptz[]) as news (account_id, id, voided_at)
     where coupon.account_id = news.account_id and coupon.id = news.id and coupon.voided_at is null`,
    [...names(news), news.map((item) => item.voidedAt)],
  );
}

/** Only of deliveries that are still the last to their address, and only what is newer than what is known. */
export async function applyDeliveries(
  tx: Transaction,
  items: readonly ItemOf<typeof DeliverySettled>[],
): Promise<void> {
  const news = items.flatMap((item) => (item.couponId ? [{ ...item, couponId: item.couponId }] : []));
  if (news.length === 0) return;
  await prepared(tx, deliveriesStatement, [
    ...names(news),
    news.map((item) => item.deliveryId),
    news.map((item) => item.status),
    news.map((item) => item.at),
  ]);
}

/**
 * News by coupon and then by delivery, so that each of many coupons meets only its own. `held` is the lock: it
 * gives its coupons in order, and none is changed before it is given.
 */
const deliveriesStatement = {
  name: 'coupon-deliveries',
  text: `
    with news as (
      select account_id, id, jsonb_object_agg(delivery_id, jsonb_build_object('status', status, 'at', at)
        order by at) as changes
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
        as news (account_id, id, delivery_id, status, at)
      group by account_id, id
    ), held as materialized (
      select account_id, id from coupon join news using (account_id, id)
      order by account_id, id for no key update of coupon
    )
    update coupon
    set deliveries = (
      select jsonb_agg(
        case
          when changes -> (known->>'id') is null
            or (known->>'at')::timestamptz >= (changes -> (known->>'id') ->> 'at')::timestamptz then known
          else known || (changes -> (known->>'id'))
        end order by position)
      from jsonb_array_elements(coupon.deliveries) with ordinality as list (known, position)
    )
    from held join news using (account_id, id)
    where coupon.account_id = held.account_id and coupon.id = held.id
      and jsonb_array_length(coupon.deliveries) > 0`,
};

const names = (news: readonly Named[]): [string[], string[]] => [
  news.map((item) => item.accountId),
  news.map((item) => item.couponId),
];

const lockStatement = {
  name: 'coupon-lock',
  text: `select from coupon join unnest($1::text[], $2::text[]) as news (account_id, id) using (account_id, id)
    order by coupon.account_id, coupon.id for no key update of coupon`,
};

async function lock(tx: Transaction, news: readonly Named[]): Promise<void> {
  await prepared(tx, lockStatement, names(news));
}

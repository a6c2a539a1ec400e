import type { PreparedStatement } from '@tearoff/service-kit';
import type { CouponEntity } from './coupon.entity';

/**
 * Issues coupons of one campaign in one statement: slots, coupons, count and event, or nothing.
 *
 * `gate` takes the lane's row: when the campaign got a total or a stack in the meantime the row is gone, and
 * nothing happens (`open` = false). A slot that is taken keeps its coupon out without an error; who holds it
 * is asked afterwards, by which time the other transaction has committed. Keys go in sorted, so that two
 * batches which share people wait for each other instead of deadlocking.
 */
export const issueStatement: PreparedStatement = {
  name: 'issue-coupons',
  text: `
    with gate as materialized (
      select lane from campaign_counter where campaign_id = $1 and lane = $3 for no key update
    ), slots as (
      insert into slot (key, campaign_id, period, n, coupon_id)
      select slot.key, $1, slot.period, slot.n, slot.coupon_id
      from unnest($4::text[], $5::text[], $6::int[], $7::text[]) with ordinality
        as slot (key, period, n, coupon_id, position)
      where exists (select from gate)
      order by slot.key, slot.position
      on conflict do nothing
      returning coupon_id
    ), coupons as (
      insert into coupon (account_id, id, campaign_id, code, printed_code, token, recipient, offer_id, channel,
                          source, metadata, deliveries, issued_at, valid_from, own_valid_to)
      select $2, draft.id, $1, draft.code, draft.printed_code, draft.token, draft.recipient::jsonb,
             draft.offer_id, draft.channel, draft.source::jsonb, draft.metadata::jsonb,
             draft.deliveries::jsonb, $8, $9, draft.own_valid_to
      from unnest($11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
                  $18::text[], $19::text[], $20::text[], $10::timestamptz[])
        as draft (id, code, printed_code, token, recipient, offer_id, channel, source, metadata, deliveries,
                  own_valid_to)
      where draft.id in (select coupon_id from slots)
      returning id
    ), counted as (
      update campaign_counter set issued = issued + (select count(*) from coupons), taken = taken + $21
      where campaign_id = $1 and lane = $3 and exists (select from coupons)
    ), told as (
      insert into outbox (id, type, data, account)
      select $22, $25,
             json_build_object('items', json_agg(told.item::json order by told.position),
                               'contexts', json_agg(told.context::json order by told.position)), $2
      from unnest($11::text[], $23::text[], $24::text[]) with ordinality as told (id, item, context, position)
      where told.id in (select id from coupons)
      having count(*) > 0
    )
    select exists (select from gate) as open,
           (select count(*) from slots)::int as slots,
           array(select id from coupons) as issued`,
};

/** A row as `prepared` wants its type. */
export type Row<T> = T & { [column: string]: unknown };

export interface IssueRow {
  open: boolean;
  /** How many slots were free. */
  slots: number;
  /** Ids of the coupons that are out now. */
  issued: string[];
}

export interface Slot {
  key: string;
  period: string;
  n: number;
  couponId: string;
}

/** A coupon to be given, with its event's item and the context of the request that caused it, both as JSON. */
export interface DraftRow {
  coupon: CouponEntity;
  item: string;
  context: string;
}

export interface IssueBatch {
  campaignId: string;
  accountId: string;
  lane: number;
  slots: readonly Slot[];
  /** All issued at one instant, under the same terms. */
  drafts: readonly DraftRow[];
  issuedAt: Date;
  validFrom: Date;
  /** How far down the stack this batch reaches. */
  tickets: number;
  eventId: string;
  /** `coupon.issued`, or `coupon.bulk_issued` of a list. */
  eventType: string;
}

/** The values of `issueStatement`. */
export function issueValues(batch: IssueBatch): unknown[] {
  const { slots, drafts } = batch;
  const coupons = drafts.map((draft) => draft.coupon);
  return [
    batch.campaignId,
    batch.accountId,
    batch.lane,
    slots.map((slot) => slot.key),
    slots.map((slot) => slot.period),
    slots.map((slot) => slot.n),
    slots.map((slot) => slot.couponId),
    batch.issuedAt,
    batch.validFrom,
    coupons.map((coupon) => coupon.ownValidTo),
    coupons.map((coupon) => coupon.id),
    coupons.map((coupon) => coupon.code),
    coupons.map((coupon) => coupon.printedCode),
    coupons.map((coupon) => coupon.token),
    coupons.map((coupon) => JSON.stringify(coupon.recipient)),
    coupons.map((coupon) => coupon.offerId),
    coupons.map((coupon) => coupon.channel),
    coupons.map((coupon) => coupon.source && JSON.stringify(coupon.source)),
    coupons.map((coupon) => coupon.metadata && JSON.stringify(coupon.metadata)),
    coupons.map((coupon) => JSON.stringify(coupon.deliveries)),
    batch.tickets,
    batch.eventId,
    drafts.map((draft) => draft.item),
    drafts.map((draft) => draft.context),
    batch.eventType,
  ];
}

/** Who holds the slots of these keys in one period. */
export const holdersStatement: PreparedStatement = {
  name: 'slot-holders',
  text: `select key, n, coupon_id as "couponId" from slot
         where campaign_id = $1 and period = $2 and key = any($3)`,
};

export interface Holder {
  key: string;
  n: number;
  couponId: string;
}

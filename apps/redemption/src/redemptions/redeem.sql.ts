import { newId } from '@tearoff/contracts';
import type { PreparedStatement } from '@tearoff/service-kit';
import { couponState } from '../coupons/coupon.entity';
import { noReservedTill } from '../coupons/coupon.sql';
import { firstFreeParameter, eligibility, questionValues } from './eligibility.sql';
import type { MinimumColumns } from './minimum-basket';
import type { Question } from './question';
import { earlierRedemption, type ReversedRef } from './reversed-refs';

const extra = {
  terminal_id: 'text',
  transaction_ref: 'text',
  basket: 'json',
  new_id: 'text',
  context: 'json',
} as const;
const eventId = `$${firstFreeParameter + Object.keys(extra).length}`;

/** A question that means to spend. `basket` and the context travel as JSON text. */
export interface Spending extends Question {
  readonly terminalId: string | null;
  readonly transactionRef: string | null;
  readonly basketJson: string | null;
  readonly newRedemptionId: string;
}

/**
 * `spent`: this question's redemption was made, at `at`. Otherwise `reason` says why not, and the redeemed…
 * columns by what redemption the coupon is spent; or there is an `earlier_id`: the redemption that this question has
 * asked for before, reversed since.
 */
export interface SpentRow extends MinimumColumns {
  pos: number;
  reason: string | null;
  spent: boolean;
  at: Date;
  code: string;
  coupon_id: string;
  campaign_id: string;
  printed_code: string | null;
  discount: Record<string, unknown> | null;
  redemption_id: string | null;
  redeemed_at: Date | null;
  redeemed_store_id: string | null;
  redeemed_ref: string | null;
  earlier_id: string | null;
  reversed_refs: ReversedRef[] | null;
}

const answer = `pos, reason, at, code, coupon_id, campaign_id, printed_code, discount, redemption_id, redeemed_at,
  redeemed_store_id, redeemed_ref, min_basket, min_currency, earlier_id, reversed_refs`;

/**
 * Spends a batch: lock, judge, mark, record and tell in one statement, which was 1.7 to 2.5 times as fast as
 * three in a transaction; fifty to two hundred questions a statement, about five times single ones. Each code
 * at most once a batch: the second row of a code would overtake the first's mark. Locked in the order of the
 * codes, for unsorted batches deadlock. It has to run at READ COMMITTED: then the row that is locked and evaluated
 * is the newest. The update finds its row by key alone: any further condition would be asked of the row as it
 * was when the statement began, which may be redeemed where the newest is reversed.
 */
export const redeemStatement: PreparedStatement = {
  name: 'redeem',
  text: `with ${eligibility({
    lock: true,
    extra,
    couponColumns: ['reversed_refs'],
    columns: { earlier_id: earlierRedemption },
  })}, spent as (
  update coupon c set state = ${couponState.redeemed}, changed_at = j.at, redemption_id = j.new_id,
    redeemed_at = j.at, redeemed_store_id = j.store_id, redeemed_channel = j.channel,
    redeemed_ref = j.transaction_ref,
    reservation_id = case when c.reservation_id = j.with_reservation then c.reservation_id end,
    ${noReservedTill}
  from evaluated j
  where j.reason is null and j.earlier_id is null and c.account_id = j.account_id and c.code = j.code
  returning j.*
), recorded as (
  insert into redemption (account_id, id, code, printed_code, coupon_id, campaign_id, store_id, terminal_id,
    channel, transaction_ref, reservation_id, basket, discount, redeemed_at)
  select account_id, new_id, code, printed_code, coupon_id, campaign_id, store_id, terminal_id, channel,
    transaction_ref, with_reservation, basket, discount, at
  from spent
), told as (
  insert into outbox (id, type, data, account)
  select ${eventId}, 'coupon.redeemed.v1',
    json_build_object('items', json_agg(json_build_object('redemptionId', new_id, 'accountId', account_id,
      'couponId', coupon_id, 'campaignId', campaign_id, 'code', coalesce(printed_code, code),
      'storeId', store_id, 'terminalId', terminal_id, 'channel', channel, 'transactionRef', transaction_ref,
      'basket', basket, 'discount', discount,
      'redeemedAt', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by pos),
      'contexts', json_agg(context order by pos)),
    case when min(account_id) = max(account_id) then min(account_id) end
  from spent having count(*) > 0
)
select ${answer}, true as spent from spent
union all
select ${answer}, false from evaluated where reason is not null or earlier_id is not null`,
};

export const redeemValues = (batch: readonly Spending[]): unknown[] => [
  ...questionValues(batch),
  batch.map(({ terminalId }) => terminalId),
  batch.map(({ transactionRef }) => transactionRef),
  batch.map(({ basketJson }) => basketJson),
  batch.map(({ newRedemptionId }) => newRedemptionId),
  batch.map(({ context }) => (context && Object.keys(context).length > 0 ? JSON.stringify(context) : null)),
  newId('event'),
];

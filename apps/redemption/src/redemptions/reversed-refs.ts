import type { Spending } from './redeem.sql';

/**
 * A redemption that was reversed, as its coupon keeps it: anyone who asks with the same transactionRef again is answered
 * with it. It is kept on the coupon's row, not looked up in `redemption`, because the row that is locked is the newest
 * while a statement sees other tables as they were when it began: a reversal that commits while the statement waits
 * for the lock would be missed, and the retry would spend the coupon anew.
 */
export interface ReversedRef {
  id: string;
  ref: string;
  storeId: string | null;
}

/** So many are kept on a coupon, the newest; older ones are looked up, and committed long before anyone asks. */
export const maxReversedRefs = 100;

/** Of an update that reverses the redemption of `coupon c`: its refs with this one. */
export const reversedRefsWithThis = `case when c.redeemed_ref is null then c.reversed_refs
  else case
      when jsonb_array_length(c.reversed_refs) >= ${maxReversedRefs} then c.reversed_refs - 0
      else coalesce(c.reversed_refs, '[]')
    end || jsonb_build_object('id', c.redemption_id, 'ref', c.redeemed_ref, 'storeId', c.redeemed_store_id)
  end`;

/** The id of the reversed redemption that question `t` asks for again, the newest of several; null of none. */
export const earlierRedemption = `case when t.reversed_refs is not null and t.transaction_ref is not null then coalesce(
    (select kept->>'id' from jsonb_array_elements(t.reversed_refs) with ordinality as listed (kept, place)
     where kept->>'ref' = t.transaction_ref and ${sameStore(`kept->>'storeId'`)}
     order by place desc limit 1),
    case when jsonb_array_length(t.reversed_refs) >= ${maxReversedRefs} then
      (select r.id from redemption r
       where r.account_id = t.account_id and r.code = t.code and r.transaction_ref = t.transaction_ref
         and r.reversed_at is not null and ${sameStore('r.store_id')}
       order by r.id desc limit 1)
    end)
  end`;

function sameStore(column: string): string {
  return `(t.store_id is null or ${column} is null or ${column} = t.store_id)`;
}

type Receipt = Pick<Spending, 'transactionRef' | 'storeId'>;

/**
 * The same receipt again is a till that lost the answer. Receipt numbers are a store's own: the same number
 * from a store that is named and another is another receipt.
 */
export const isSameReceipt = (one: Receipt, other: Receipt): boolean =>
  one.transactionRef !== null &&
  one.transactionRef === other.transactionRef &&
  (one.storeId === null || other.storeId === null || one.storeId === other.storeId);

/** As `earlierRedemption` has it, of a coupon's refs that are known; undefined = the question has to be asked. */
export function earlierOf(question: Receipt, refs: readonly ReversedRef[] | null): string | null | undefined {
  if (question.transactionRef === null || !refs) return null;
  const found = refs.findLast(({ ref, storeId }) =>
    isSameReceipt(question, { transactionRef: ref, storeId }),
  );
  if (found) return found.id;
  return refs.length < maxReversedRefs ? null : undefined;
}

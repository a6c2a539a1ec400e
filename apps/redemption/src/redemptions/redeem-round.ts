import { DomainError, type RedeemOutcome, type Redemption, type RefusalReason } from '@tearoff/contracts';
import { minimumOfRefusal } from './minimum-basket';
import { keysOf } from './question';
import type { Spending, SpentRow } from './redeem.sql';
import { earlierOf, isSameReceipt } from './reversed-refs';

/** An answer, or the id of the redemption that this question repeats. */
export type Verdict = { result: RedeemOutcome | DomainError } | { repeats: string };

type Answer = SpentRow | DomainError | undefined;

export const unknownCode: RedeemOutcome = {
  outcome: 'refused',
  reason: 'not_found',
  redeemedAt: null,
  storeId: null,
};

/** True of the coupon, no matter who asks; the other reasons lie in the question. */
const reasonsOfTheCoupon: ReadonlySet<string> = new Set<RefusalReason>([
  'voided',
  'campaign_ended',
  'campaign_paused',
  'not_yet_valid',
  'expired',
  'wrong_time',
]);

/** A statement must meet each code once, under whichever spelling; what came first goes first. */
export function firstOfEachCode(open: readonly Spending[]): Spending[] {
  const seen = new Set<string>();
  return open.filter((spending) => {
    const keys = keysOf(spending);
    if (keys.some((key) => seen.has(key))) return false;
    for (const key of keys) seen.add(key);
    return true;
  });
}

/** Each of `batch` with the others of its code. */
export function followers(batch: readonly Spending[], open: readonly Spending[]): [Spending, Spending[]][] {
  if (batch.length === open.length) return batch.map((first) => [first, []]);
  const pairs = batch.map((first): [Spending, Spending[]] => [first, []]);
  const others = new Map(pairs.flatMap(([first, list]) => keysOf(first).map((key) => [key, list] as const)));
  const firsts = new Set(batch);
  for (const spending of open) {
    if (firsts.has(spending)) continue;
    const key = keysOf(spending).find((known) => others.has(known));
    others.get(key!)!.push(spending);
  }
  return pairs;
}

/** What the question that was put to the database is answered. */
export function verdictOf(first: Spending, answer: Answer): Verdict {
  if (!answer) return { result: unknownCode };
  if (answer instanceof DomainError) return { result: answer };
  if (answer.spent) return { result: { outcome: 'redeemed', redemption: redemptionOf(first, answer) } };
  if (answer.reason === 'already_redeemed')
    return spentAlready(first, priorRedemptionIn(answer), answer.earlier_id);
  if (answer.earlier_id) return { repeats: answer.earlier_id };
  const reason = answer.reason as RefusalReason;
  return { result: { ...refused(reason), ...minimumOfRefusal(answer, reason, first.total) } };
}

/** What the others of that code are answered; undefined = they must ask for themselves. */
export function answerForRepeats(first: Spending, answer: Answer): (other: Spending) => Verdict | undefined {
  const standing = answerForSameCode(first, answer);
  return (other) => (namesTheSame(first, other) ? standing(other) : undefined);
}

/** Two texts that share one of two readings may mean different coupons. */
const namesTheSame = (one: Spending, other: Spending): boolean =>
  one.code === other.code && one.otherCode === other.otherCode;

function answerForSameCode(first: Spending, answer: Answer): (other: Spending) => Verdict | undefined {
  if (!answer || answer instanceof DomainError) return () => verdictOf(first, answer);
  const { newRedemptionId: id, storeId, transactionRef } = first;
  const standing = answer.spent ? { id, at: answer.at, storeId, transactionRef } : priorRedemptionIn(answer);
  return (other) => {
    const earlier = earlierOf(other, answer.reversed_refs);
    if (earlier === undefined) return undefined;
    if (answer.spent || answer.reason === 'already_redeemed') return spentAlready(other, standing, earlier);
    if (earlier !== null) return { repeats: earlier };
    if (answer.reason === null) return undefined;
    return reasonsOfTheCoupon.has(answer.reason) || isSameRequest(first, other)
      ? verdictOf(first, { ...answer, earlier_id: null })
      : undefined;
  };
}

interface PriorRedemption {
  id: string;
  at: Date;
  storeId: string | null;
  transactionRef: string | null;
}

const priorRedemptionIn = (answer: SpentRow): PriorRedemption => ({
  id: answer.redemption_id!,
  at: answer.redeemed_at!,
  storeId: answer.redeemed_store_id,
  transactionRef: answer.redeemed_ref,
});

/** `earlier`: the reversed redemption that the question asks for again. */
function spentAlready(spending: Spending, standing: PriorRedemption, earlier: string | null): Verdict {
  if (isSameReceipt(spending, standing)) return { repeats: standing.id };
  if (earlier) return { repeats: earlier };
  return {
    result: {
      ...refused('already_redeemed'),
      redeemedAt: standing.at.toISOString(),
      storeId: standing.storeId,
    },
  };
}

const refused = (reason: RefusalReason) => ({
  outcome: 'refused' as const,
  reason,
  redeemedAt: null,
  storeId: null,
});

const isSameRequest = (one: Spending, other: Spending): boolean =>
  one.storeId === other.storeId &&
  one.channel === other.channel &&
  one.total === other.total &&
  one.currency === other.currency &&
  one.reservationId === other.reservationId;

const redemptionOf = (spending: Spending, row: SpentRow): Redemption => ({
  id: spending.newRedemptionId,
  accountId: spending.accountId,
  code: row.printed_code ?? row.code,
  couponId: row.coupon_id,
  campaignId: row.campaign_id,
  storeId: spending.storeId,
  terminalId: spending.terminalId,
  channel: spending.channel,
  transactionRef: spending.transactionRef,
  basket: spending.basketJson === null ? null : (JSON.parse(spending.basketJson) as Redemption['basket']),
  discount: row.discount as Redemption['discount'],
  redeemedAt: row.at.toISOString(),
  reversedAt: null,
  reverseReason: null,
});

import { Type, type Static } from '@sinclair/typebox';
import { issueChannels, RecipientInput } from './coupons';
import { defineCommand, defineEvent } from './definitions';
import { Id, Instant, Nullable, OneOf } from './values';

/** `granted`: paid for, its coupon on its way; `refused`: no coupon could be issued, the points are back. */
export const rewardStatuses = ['granted', 'issued', 'refused', 'returned'] as const;

/** A reward that a member has bought. `couponId` is theirs as soon as the status is `issued`. */
export const RewardIssue = Type.Object({
  id: Id('rewardIssue'),
  accountId: Id('account'),
  cardId: Id('card'),
  memberId: Id('member'),
  rewardId: Id('reward'),
  name: Type.String(),
  cost: Type.Integer(),
  campaignId: Type.String(),
  couponId: Id('coupon'),
  status: OneOf(rewardStatuses),
  /** Why it was refused; a slug. */
  reason: Nullable(Type.String()),
  at: Instant(),
});
export type RewardIssue = Static<typeof RewardIssue>;

/** What issuance is to issue for a reward: the coupon's id is given, so that it is issued once. */
export const RewardOrder = Type.Object({
  rewardIssueId: Id('rewardIssue'),
  accountId: Id('account'),
  couponId: Id('coupon'),
  campaignId: Type.String({ maxLength: 48 }),
  recipient: RecipientInput,
  channel: OneOf(issueChannels),
});
export type RewardOrder = Static<typeof RewardOrder>;

/**
 * Spends the reward's cost and orders its coupon with the same transaction; what becomes of the order is told by
 * GetRewardIssue. The same `reference` again = the reward of then.
 */
export const RedeemReward = defineCommand('loyalty', 'reward.redeem', {
  request: Type.Object({
    accountId: Id('account'),
    cardId: Type.String({ maxLength: 48 }),
    memberId: Type.String({ maxLength: 48 }),
    rewardId: Type.String({ maxLength: 48 }),
    reference: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    channel: Type.Optional(OneOf(issueChannels)),
    by: Type.String({ maxLength: 100 }),
  }),
  reply: Type.Union([
    Type.Object({
      outcome: OneOf(['granted', 'repeated'] as const),
      issue: RewardIssue,
      balance: Type.Integer(),
    }),
    Type.Object({
      outcome: Type.Literal('refused'),
      reason: OneOf([
        'points.insufficient',
        'card.not_found',
        'card.not_active',
        'member.not_found',
        'enrolment.not_found',
        'reward.not_found',
      ] as const),
      balance: Nullable(Type.Integer()),
    }),
  ]),
});

/** Fails with `reward_issue.not_found`. */
export const GetRewardIssue = defineCommand('loyalty', 'reward.get', {
  batch: true,
  request: Type.Object({ accountId: Id('account'), rewardIssueId: Type.String({ maxLength: 48 }) }),
  reply: RewardIssue,
});

/** Fires when a reward was paid for, with the transaction that spent the points; issuance, and no one else, issues its coupon. */
export const RewardGranted = defineEvent('loyalty', 'reward.granted.v1', RewardOrder);

/** Fires once for each order, when issuance issued its coupon or could not; loyalty gives the points back then. */
export const RewardOrderSettled = defineEvent(
  'issuance',
  'reward.order_settled.v1',
  Type.Object({
    rewardIssueId: Id('rewardIssue'),
    accountId: Id('account'),
    couponId: Id('coupon'),
    outcome: OneOf(['issued', 'refused'] as const),
    reason: Nullable(Type.String()),
    at: Instant(),
  }),
);

/** Fires when a reward's coupon is the member's. */
export const RewardIssued = defineEvent(
  'loyalty',
  'reward.issued.v1',
  Type.Object({
    rewardIssueId: Id('rewardIssue'),
    accountId: Id('account'),
    cardId: Id('card'),
    memberId: Id('member'),
    rewardId: Id('reward'),
    campaignId: Type.String(),
    couponId: Id('coupon'),
    cost: Type.Integer(),
    phone: Nullable(Type.String()),
    email: Nullable(Type.String()),
    externalId: Nullable(Type.String()),
    at: Instant(),
  }),
);

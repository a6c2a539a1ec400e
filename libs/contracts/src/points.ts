import { Type, type Static } from '@sinclair/typebox';
import { defineCommand, defineEvent } from './definitions';
import { Id, Instant, Nullable, OneOf, Page, PageRequest } from './values';

/** `award`, `spend`, `expire`; `reverse`: takes back an award, or gives back what was spent. */
export const entryKinds = ['award', 'spend', 'expire', 'reverse'] as const;

/**
 * A movement of points or stamps; never changed, never deleted. A balance is the sum of its entries. `reference`:
 * counts once on a card and member. `by`: an API key's id, `redemption`, `event`, `workflow`, `reward`, `expiry`.
 * `pendingUntil`: before it the points cannot be spent.
 */
export const LedgerEntry = Type.Object({
  id: Id('entry'),
  accountId: Id('account'),
  cardId: Id('card'),
  memberId: Id('member'),
  kind: OneOf(entryKinds),
  /** Signed. */
  amount: Type.Integer(),
  /** After it, pending points included. */
  balance: Type.Integer(),
  reference: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  storeId: Nullable(Type.String()),
  by: Type.String(),
  at: Instant(),
  pendingUntil: Nullable(Instant()),
  expiresAt: Nullable(Instant()),
});
export type LedgerEntry = Static<typeof LedgerEntry>;

/** Who the points are of: a member, the number on their card, or any of their names. Exactly one. */
const memberIdentifiers = {
  memberId: Type.Optional(Type.String({ maxLength: 48 })),
  number: Type.Optional(Type.String({ maxLength: 100 })),
  phone: Type.Optional(Type.String({ maxLength: 50 })),
  email: Type.Optional(Type.String({ maxLength: 320 })),
  externalId: Type.Optional(Type.String({ maxLength: 200 })),
};

/** `balance`: what can be spent now. */
export const PointsOutcome = Type.Union([
  Type.Object({
    outcome: OneOf(['entered', 'repeated'] as const),
    entry: LedgerEntry,
    balance: Type.Integer(),
    pending: Type.Integer(),
  }),
  Type.Object({
    outcome: Type.Literal('refused'),
    reason: OneOf([
      'points.insufficient',
      'card.not_found',
      'card.not_active',
      'member.not_found',
      'enrolment.not_found',
    ] as const),
    balance: Nullable(Type.Integer()),
  }),
]);
export type PointsOutcome = Static<typeof PointsOutcome>;

/**
 * Awards (`amount` above 0) or spends. The same `reference` again is `repeated` with what was entered then, whatever
 * the amount now; the balance never falls below zero. `enrol`: puts a member who is not on the card onto it first.
 */
export const ChangePoints = defineCommand('loyalty', 'points.change', {
  batch: true,
  deadlineMs: 10_000,
  request: Type.Object({
    accountId: Id('account'),
    cardId: Type.String({ maxLength: 48 }),
    ...memberIdentifiers,
    amount: Type.Integer({ minimum: -1_000_000_000, maximum: 1_000_000_000 }),
    reference: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
    storeId: Type.Optional(Type.String({ maxLength: 100 })),
    by: Type.String({ maxLength: 100 }),
    enrol: Type.Optional(Type.Boolean()),
  }),
  reply: PointsOutcome,
});

/** Newest first. Fails with `card.not_found`, `enrolment.not_found`, `request.invalid_cursor`. */
export const ListLedger = defineCommand('loyalty', 'points.list', {
  request: Type.Object({
    accountId: Id('account'),
    cardId: Type.String({ maxLength: 48 }),
    memberId: Type.String({ maxLength: 48 }),
    ...PageRequest,
  }),
  reply: Page(LedgerEntry),
});

const pointsMovement = Type.Object({
  entryId: Id('entry'),
  accountId: Id('account'),
  cardId: Id('card'),
  memberId: Id('member'),
  /** Never negative. */
  points: Type.Integer(),
  /** After it, pending points included. */
  balance: Type.Integer(),
  reference: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  /** Whom to write to, for those who act on it. */
  phone: Nullable(Type.String()),
  email: Nullable(Type.String()),
  externalId: Nullable(Type.String()),
  at: Instant(),
});
/** Fires for each award, with the transaction that entered it; what a reversed spend gives back too. */
export const PointsAwarded = defineEvent('loyalty', 'points.awarded.v1', pointsMovement);
/** Fires for each spend; what a reversed award takes back too. */
export const PointsSpent = defineEvent('loyalty', 'points.spent.v1', pointsMovement);
/** Fires as awards run out. */
export const PointsExpired = defineEvent('loyalty', 'points.expired.v1', pointsMovement);
export type PointsMovedItem = Static<typeof pointsMovement>;

/**
 * Fires for each event that should have earned by a rule's `times` and named no number there: nothing was awarded by
 * that rule. `path`: of the parameter, a JSON Pointer into the event.
 */
export const PointsNotAwarded = defineEvent(
  'loyalty',
  'points.not_awarded.v1',
  Type.Object({
    accountId: Id('account'),
    cardId: Id('card'),
    memberId: Id('member'),
    eventId: Id('event'),
    path: Type.String(),
    message: Type.String(),
    phone: Nullable(Type.String()),
    email: Nullable(Type.String()),
    externalId: Nullable(Type.String()),
    at: Instant(),
  }),
);

/** Fires when a member's tier on a card became another; null = none. */
export const TierChanged = defineEvent(
  'loyalty',
  'tier.changed.v1',
  Type.Object({
    accountId: Id('account'),
    cardId: Id('card'),
    memberId: Id('member'),
    from: Nullable(Type.String()),
    to: Nullable(Type.String()),
    phone: Nullable(Type.String()),
    email: Nullable(Type.String()),
    externalId: Nullable(Type.String()),
    at: Instant(),
  }),
);

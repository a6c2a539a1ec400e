import { createHash } from 'node:crypto';
import type {
  Card,
  Coupon,
  Enrolment,
  GetCardPage,
  LedgerEntry,
  ReplyOf,
  RewardIssue,
} from '@tearoff/contracts';
import type { WalletsOffered } from '../wallet-links';

type Known = ReplyOf<typeof GetCardPage>;

/** A reward that they have bought: `onItsWay` until its coupon is there; `token` of that one's page. */
export type OwnReward = { name: string } & (
  { status: 'issued'; token: string } | { status: Exclude<Coupon['status'], 'issued'> | 'onItsWay' }
);

/** What a member's card page is made of: nothing of it says who they are. */
export interface LiveCard {
  /** `closed`: the card is not active. */
  state: 'open' | 'closed';
  card: Pick<Card, 'kind' | 'design' | 'timezone' | 'rewards'>;
  enrolment: Pick<Enrolment, 'number' | 'balance' | 'pending' | 'debt' | 'tier' | 'expiring'>;
  rewards: OwnReward[];
  entries: Pick<LedgerEntry, 'kind' | 'amount' | 'at'>[];
  languageCode: string | undefined;
  wallets: WalletsOffered;
  /** When time alone changes the page next. */
  changesAt: Date | null;
  about: readonly string[];
  /** Differs whenever the page would. */
  version: string;
}

/** `coupons`: those of their rewards that could be read, by id. */
export function liveCardOf(
  { card, member, enrolment, entries, rewards }: Known,
  coupons: ReadonlyMap<string, Coupon>,
  wallets: WalletsOffered,
  now: Date,
): LiveCard {
  const { number, balance, pending, debt, tier, expiring } = enrolment;
  const shown = {
    state: card.active ? ('open' as const) : ('closed' as const),
    card,
    enrolment: { number, balance, pending, debt, tier, expiring },
    rewards: rewards.flatMap((issue) => ownReward(issue, coupons.get(issue.couponId))),
    entries: entries.map(({ kind, amount, at }) => ({ kind, amount, at })),
    languageCode: member.languageCode ?? undefined,
    wallets,
  };
  const version = createHash('sha256')
    .update(JSON.stringify([shown, card.version]))
    .digest('base64url');
  return {
    ...shown,
    changesAt: soonest([expiring?.at, ...entries.map(({ pendingUntil }) => pendingUntil)], now),
    about: [memberOnCard(enrolment), card.id, ...rewards.map(({ couponId }) => couponId)],
    version: version.slice(0, 16),
  };
}

/** The name under which a member's card is told of. */
export const memberOnCard = ({ cardId, memberId }: Pick<Enrolment, 'cardId' | 'memberId'>): string =>
  `${cardId} ${memberId}`;

function ownReward({ name, status }: RewardIssue, coupon: Coupon | undefined): OwnReward[] {
  // The history shows that its points are back.
  if (status === 'refused') return [];
  if (status === 'returned') return [{ name, status: 'voided' }];
  if (!coupon) return [{ name, status: 'onItsWay' }];
  const { status: now, token } = coupon;
  return [now === 'issued' ? { name, status: now, token } : { name, status: now }];
}

function soonest(instants: readonly (string | null | undefined)[], now: Date): Date | null {
  const ahead = instants.flatMap((instant) => instant ?? []).map((instant) => Date.parse(instant));
  const next = Math.min(...ahead.filter((instant) => instant > now.getTime()));
  return Number.isFinite(next) ? new Date(next) : null;
}

import { newId, type Card, type LedgerEntry, type Member, type Reward } from '@tearoff/contracts';
import { daysLater, endOfDayAfter } from '../expiry/calendar';
import { tierAt, tierEndsAt } from '../tiers/tier';
import { runsOutAt, type Expiring, type Lot, type Lots } from './lots';

/** An enrolment's figures, as its row keeps them. */
export interface EnrolmentState {
  readonly accountId: string;
  readonly cardId: string;
  readonly memberId: string;
  balance: number;
  debt: number;
  entries: number;
  tier: string | null;
  /** By a reward's id, until when it is not granted by itself. */
  resting: Record<string, string>;
  idleUntil: Date | null;
  settledAt: Date;
  lastActivityAt: Date;
}

/** Whose it is, as events tell of them; nothing of someone who has been erased. */
export type Holder = Pick<
  Member,
  'phone' | 'email' | 'externalId' | 'firstName' | 'lastName' | 'languageCode'
>;

/** What a movement says of itself. */
export interface Cause {
  reference: string | null;
  ofCaller: boolean;
  reason: string | null;
  storeId: string | null;
  by: string;
}

export type Entry = LedgerEntry & { seq: number; ofCaller: boolean };
/** `channel`: null = the reward's. */
export interface Grant {
  rewardIssueId: string;
  reward: Reward;
  reference: string | null;
  channel: Reward['channel'] | null;
  at: Date;
}

/** A hostile or mistaken award must not order a billion coupons; the rest stays theirs and is granted with what comes next. */
const maxGrantsAtOnce = 100;

/** Or each award would order again from a campaign that has run dry. */
const refusalCooldownMs = 24 * 60 * 60 * 1_000;

/**
 * The rules of one enrolment's ledger, applied in memory while its row is locked. Whatever falls due by itself (points
 * run out, become spendable, a tier ends) is entered in the order of its instants before anything else happens, so
 * that it makes no difference how late someone looks.
 */
export class Ledger {
  readonly entries: Entry[] = [];
  readonly grants: Grant[] = [];
  readonly tierChanges: { from: string | null; to: string | null; at: Date }[] = [];

  constructor(
    readonly card: Card,
    readonly state: EnrolmentState,
    readonly lots: Lots,
    readonly holder: Holder,
  ) {}

  get spendable(): number {
    return this.state.balance - this.pending;
  }

  get pending(): number {
    return this.lots.pending(this.state.settledAt);
  }

  /** The points that go next. */
  get expiring(): Expiring | null {
    const { balance, idleUntil } = this.state;
    const lot = this.lots.nextExpiry();
    const idle = idleUntil && balance > 0 ? { points: balance, at: idleUntil } : null;
    return lot && idle ? (lot.at < idle.at ? lot : idle) : (lot ?? idle);
  }

  /** When something next happens by itself. */
  get nextDueAt(): Date | null {
    const { settledAt, tier } = this.state;
    const due = [
      this.expiring && runsOutAt(this.expiring),
      this.card.rewards.some(({ automatic }) => automatic) ? this.lots.nextMaturity(settledAt) : null,
      tierEndsAt(this.card, tier, this.lots.earned(), settledAt),
    ].filter((instant) => instant !== null);
    return due.length === 0 ? null : new Date(Math.min(...due.map((instant) => instant.getTime())));
  }

  /** Enters what fell due until `now`. A clock that is behind another instance's does not turn the book back. */
  settle(now: Date): void {
    for (let due; (due = this.nextDueAt) && due <= now;) this.pass(due);
    if (now > this.state.settledAt) this.state.settledAt = now;
  }

  award(amount: number, cause: Cause): Entry {
    const { timezone, pendingDays } = this.card;
    const at = this.state.settledAt;
    const entry = this.add('award', amount, cause, {
      availableAt: daysLater(at, pendingDays, timezone),
      counts: true,
    });
    this.beActive();
    this.reviewTier();
    this.grantAutomatic();
    return entry;
  }

  /** Null = there are not so many to spend. */
  spend(amount: number, cause: Cause): Entry | null {
    if (amount > this.spendable) return null;
    this.lots.spend(amount, this.state.settledAt);
    const entry = this.enter('spend', -amount, cause);
    this.beActive();
    return entry;
  }

  /** Pays for a reward; null = there are not so many to spend. */
  grant(
    reward: Reward,
    by: string,
    { reference = null, channel = null }: Partial<Pick<Grant, 'reference' | 'channel'>> = {},
  ): Grant | null {
    const rewardIssueId = newId('rewardIssue');
    const spent = this.spend(reward.cost, { ...systemCause(by, rewardIssueId), reason: 'reward' });
    if (!spent) return null;
    const grant = { rewardIssueId, reward, reference, channel, at: this.state.settledAt };
    this.grants.push(grant);
    return grant;
  }

  /** Takes back what an award gave, unless it ran out; what is spent already is owed. */
  takeBack(seq: number, cause: Cause): void {
    const lot = this.lots.find(seq);
    const owed = lot ? lot.amount - lot.expired - lot.takenBack : 0;
    if (!lot || owed <= 0) return;
    const taken = this.lots.seize(owed, lot);
    lot.takenBack += owed;
    this.lots.changed.add(lot);
    this.state.debt += owed - taken;
    if (taken > 0) this.enter('reverse', -taken, cause);
    this.reviewTier();
  }

  /** Gives back what was spent, as points that are new but for the tier. */
  giveBack(amount: number, cause: Cause): void {
    this.add('reverse', amount, cause, { availableAt: this.state.settledAt, counts: false });
    this.beActive();
  }

  /** No coupon could be issued for it: it is not granted by itself for a day, then with whatever comes in. */
  rest(rewardId: string): void {
    const until = new Date(this.state.settledAt.getTime() + refusalCooldownMs).toISOString();
    const others = this.card.rewards.filter(({ id }) => id !== rewardId && this.rests(id));
    const { resting } = this.state;
    this.state.resting = {
      ...Object.fromEntries(others.map(({ id }) => [id, resting[id]])),
      [rewardId]: until,
    };
  }

  private rests(rewardId: string): boolean {
    const until = this.state.resting[rewardId];
    return until !== undefined && Date.parse(until) > this.state.settledAt.getTime();
  }

  private add(
    kind: 'award' | 'reverse',
    amount: number,
    cause: Cause,
    { availableAt, counts }: Pick<Lot, 'availableAt' | 'counts'>,
  ): Entry {
    const { expiry, timezone } = this.card;
    const awardedAt = this.state.settledAt;
    const expiresAt =
      expiry?.kind === 'rolling' ? endOfDayAfter(awardedAt, { days: expiry.days }, timezone) : null;
    const pendingUntil = availableAt > awardedAt ? availableAt : null;
    const entry = this.enter(kind, amount, cause, { pendingUntil, expiresAt });
    const { seq } = entry;
    const lot: Lot = {
      seq,
      amount,
      remaining: amount,
      expired: 0,
      takenBack: 0,
      awardedAt,
      counts,
      availableAt,
      expiresAt,
    };
    this.lots.add(lot);
    this.payDebt(lot);
    return entry;
  }

  private payDebt(lot: Lot): void {
    const paid = this.lots.seize(Math.min(this.state.debt, lot.amount), lot);
    if (paid === 0) return;
    this.state.debt -= paid;
    this.enter('reverse', -paid, { ...systemCause('redemption'), reason: 'debt' });
  }

  /** What is due at that instant, all of it. */
  private pass(at: Date): void {
    const { state, lots } = this;
    const matures = lots.nextMaturity(state.settledAt);
    state.settledAt = at;
    let lost = lots.expire(at);
    if (state.idleUntil && state.idleUntil < at) {
      lost += lots.expireAll();
      state.idleUntil = null;
    }
    if (lost > 0) this.enter('expire', -lost, systemCause('expiry'));
    this.reviewTier();
    if (matures && matures <= at) this.grantAutomatic();
  }

  private beActive(): void {
    const { expiry, timezone } = this.card;
    const at = this.state.settledAt;
    this.state.lastActivityAt = at;
    this.state.idleUntil =
      expiry?.kind === 'inactivity' ? endOfDayAfter(at, { days: expiry.days }, timezone) : null;
  }

  private reviewTier(): void {
    const { settledAt: at, tier: from } = this.state;
    const to = tierAt(this.card, from, this.lots.earned(), at);
    if (to === from) return;
    this.state.tier = to;
    this.tierChanges.push({ from, to, at });
  }

  /** The dearest first, or a cheap reward would keep them from the others for ever. */
  private grantAutomatic(): void {
    const rewards = this.card.rewards
      .filter(({ automatic, id }) => automatic && !this.rests(id))
      .toSorted((a, b) => b.cost - a.cost);
    if (!this.card.active) return;
    for (let granted = 0; granted < maxGrantsAtOnce; granted++) {
      const reward = rewards.find(({ cost }) => cost <= this.spendable);
      if (!reward) return;
      this.grant(reward, 'reward');
    }
  }

  private enter(
    kind: Entry['kind'],
    amount: number,
    cause: Cause,
    times: { pendingUntil: Date | null; expiresAt: Date | null } = { pendingUntil: null, expiresAt: null },
  ): Entry {
    const { accountId, cardId, memberId } = this.state;
    this.state.balance += amount;
    const entry: Entry = {
      id: newId('entry'),
      accountId,
      cardId,
      memberId,
      seq: ++this.state.entries,
      kind,
      amount,
      balance: this.state.balance,
      ...cause,
      at: this.state.settledAt.toISOString(),
      pendingUntil: times.pendingUntil?.toISOString() ?? null,
      expiresAt: times.expiresAt?.toISOString() ?? null,
    };
    this.entries.push(entry);
    return entry;
  }
}

/** Of what no one asked for. */
export const systemCause = (by: string, reference: string | null = null): Cause => ({
  reference,
  ofCaller: false,
  reason: null,
  storeId: null,
  by,
});

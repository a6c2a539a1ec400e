import { justAfter } from '../expiry/calendar';

export interface Lot {
  readonly seq: number;
  readonly amount: number;
  remaining: number;
  expired: number;
  takenBack: number;
  readonly awardedAt: Date;
  readonly counts: boolean;
  readonly availableAt: Date;
  readonly expiresAt: Date | null;
}

export interface Expiring {
  points: number;
  at: Date;
}

/** An enrolment's awards, oldest first, and which of them have changed. */
export class Lots {
  readonly changed = new Set<Lot>();

  constructor(private readonly lots: Lot[]) {}

  add(lot: Lot): void {
    this.lots.push(lot);
    this.changed.add(lot);
  }

  find(seq: number): Lot | undefined {
    return this.lots.find((lot) => lot.seq === seq);
  }

  pending(at: Date): number {
    return this.lots.reduce((sum, lot) => sum + (lot.availableAt > at ? lot.remaining : 0), 0);
  }

  /** Takes so many of what can be spent at that instant, which must be enough. */
  spend(amount: number, at: Date): void {
    this.take(
      amount,
      this.lots.filter(({ availableAt }) => availableAt <= at),
    );
  }

  /** Takes back at most so many, `first` from where they came, then wherever there are any; says how many it got. */
  seize(amount: number, first: Lot): number {
    return amount - this.take(amount, [first, ...this.lots]);
  }

  /** Whatever has run out at that instant; says how much that was. */
  expire(at: Date): number {
    return this.lose(this.lots.filter(({ expiresAt }) => expiresAt && expiresAt < at));
  }

  expireAll(): number {
    return this.lose(this.lots);
  }

  /** When the next of what is left runs out, and how much goes then. */
  nextExpiry(): Expiring | null {
    const due = this.lots.filter(({ remaining, expiresAt }) => remaining > 0 && expiresAt);
    if (due.length === 0) return null;
    const until = Math.min(...due.map(({ expiresAt }) => expiresAt!.getTime()));
    const going = due.filter(({ expiresAt }) => expiresAt!.getTime() === until);
    return { points: sumOf(going), at: new Date(until) };
  }

  /** The first instant after `at` from which more can be spent. */
  nextMaturity(at: Date): Date | null {
    const ripening = this.lots.filter(({ remaining, availableAt }) => remaining > 0 && availableAt > at);
    if (ripening.length === 0) return null;
    return new Date(Math.min(...ripening.map(({ availableAt }) => availableAt.getTime())));
  }

  /** What counts toward a tier. */
  earned(): { points: number; at: Date }[] {
    return this.lots.flatMap(({ counts, amount, takenBack, awardedAt }) =>
      counts && amount > takenBack ? { points: amount - takenBack, at: awardedAt } : [],
    );
  }

  private take(amount: number, lots: readonly Lot[]): number {
    let wanted = amount;
    for (const lot of lots) {
      const taken = Math.min(wanted, lot.remaining);
      if (taken === 0) continue;
      lot.remaining -= taken;
      wanted -= taken;
      this.changed.add(lot);
    }
    return wanted;
  }

  private lose(lots: readonly Lot[]): number {
    const lost = sumOf(lots);
    for (const lot of lots) {
      if (lot.remaining === 0) continue;
      lot.expired += lot.remaining;
      lot.remaining = 0;
      this.changed.add(lot);
    }
    return lost;
  }
}

const sumOf = (lots: readonly Lot[]): number => lots.reduce((sum, { remaining }) => sum + remaining, 0);

export const runsOutAt = ({ at }: Expiring): Date => justAfter(at);

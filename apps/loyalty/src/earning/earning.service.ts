import { Injectable } from '@nestjs/common';
import { PointsNotAwarded, type Card, type FieldError, type MessageContext } from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { Clock, prepared } from '@tearoff/service-kit';
import { In } from 'typeorm';
import { CardEntity, cardOf } from '../cards/card.entity';
import { EnrolmentEntity } from '../enrolments/enrolment.entity';
import { systemCause, type Book } from '../ledger/book';
import { namesOf } from '../ledger/book-events';
import { Books, keyOf, referenceKey } from '../ledger/books';

/** Something by which a member earns on each of these cards that she is on. */
export interface Occasion {
  accountId: string;
  memberId: string;
  cards: readonly Card[];
  /** Counts once on a card. */
  reference: string;
  by: string;
  storeId: string | null;
  context: MessageContext | null;
  points: (card: Card, tier: string | null) => number;
  /** Why rules of the card give nothing for it. */
  faults?: (card: Card) => FieldError[];
}

export interface Heard {
  accountId: string;
  redemptionId: string;
  memberId: string | null;
}

// Whoever comes second, the redemption or its reversal, waits here for the first and learns of it.
const hearStatement = {
  name: 'earning-heard',
  text: `insert into earning as e (account_id, redemption_id, member_id, reversed)
    select *, $4::boolean from unnest($1::text[], $2::text[], $3::text[]) as q (account_id, redemption_id, member_id)
    order by account_id collate "C", redemption_id collate "C"
    on conflict (account_id, redemption_id) do update
      set member_id = coalesce(excluded.member_id, e.member_id), reversed = excluded.reversed or e.reversed
    returning redemption_id as "redemptionId", account_id as "accountId", member_id as "memberId", reversed`,
};

@Injectable()
export class EarningService {
  constructor(
    private readonly books: Books,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  /** The active cards of these accounts by which anything can be earned. */
  async earningCards(tx: Transaction, accountIds: Iterable<string>): Promise<Map<string, Card[]>> {
    const rows = await tx.findBy(CardEntity, { accountId: In([...new Set(accountIds)]), active: true });
    const cards = rows.filter(({ earning }) => earning.length > 0).map(cardOf);
    const byAccount = new Map<string, Card[]>();
    for (const card of cards) byAccount.set(card.accountId, [...(byAccount.get(card.accountId) ?? []), card]);
    return byAccount;
  }

  async award(tx: Transaction, occasions: readonly Occasion[]): Promise<void> {
    const enrolled = await this.enrolled(tx, occasions);
    const due = occasions.flatMap((occasion) =>
      occasion.cards
        .map((card) => ({
          occasion,
          cardId: card.id,
          memberId: occasion.memberId,
          reference: occasion.reference,
        }))
        .filter((one) => enrolled.has(keyOf(one))),
    );
    const books = await this.books.open(tx, due, true);
    const entered = new Set((await this.books.entered(tx, due, { ofCaller: false })).keys());
    const now = this.clock.now();
    const causes = new Map<string, MessageContext | null>();
    for (const book of books.values()) book.settle(now);
    for (const one of due) {
      const { by, reference, storeId, context, points } = one.occasion;
      const book = books.get(keyOf(one))!;
      const amount = points(book.card, book.standing.tier);
      if (amount === 0 || !book.card.active || entered.has(referenceKey(one))) continue;
      entered.add(referenceKey(one));
      const known = book.entries.length;
      book.award(amount, { ...systemCause(by, reference), storeId });
      for (const entry of book.entries.slice(known)) causes.set(entry.id, context);
    }
    await this.books.close(tx, books.values(), causes);
    await this.tellFaults(tx, due, books);
  }

  /** What could not be reckoned earns nothing, and is told: points that fail to come are otherwise seen by no one. */
  private async tellFaults(
    tx: Transaction,
    due: readonly { occasion: Occasion; cardId: string; memberId: string }[],
    books: ReadonlyMap<string, Book>,
  ): Promise<void> {
    const at = this.clock.now().toISOString();
    const told = due.flatMap(({ occasion, cardId, memberId }) => {
      const { card, holder } = books.get(keyOf({ cardId, memberId }))!;
      const faults = card.active && occasion.faults ? occasion.faults(card) : [];
      return faults.map(({ path, message }) => ({
        item: {
          accountId: occasion.accountId,
          cardId,
          memberId,
          eventId: occasion.reference,
          path,
          message,
          ...namesOf(holder),
          at,
        },
        context: occasion.context,
      }));
    });
    if (told.length === 0) return;
    const contexts = told.map(({ context }) => context);
    await this.outbox.add(
      tx,
      PointsNotAwarded,
      told.map(({ item }) => item),
      { contexts },
    );
  }

  /** Those that were reversed before they were heard of earn nothing: theirs are told. */
  async heard(tx: Transaction, redemptions: readonly Heard[]): Promise<Set<string>> {
    const rows = await this.hear(tx, redemptions, false);
    return new Set(rows.filter(({ reversed }) => reversed).map(({ redemptionId }) => redemptionId));
  }

  /** Takes back what these redemptions earned. */
  async reverse(tx: Transaction, redemptions: readonly Omit<Heard, 'memberId'>[]): Promise<void> {
    const rows = await this.hear(
      tx,
      redemptions.map((one) => ({ ...one, memberId: null })),
      true,
    );
    const earned = rows.flatMap(({ memberId, ...rest }) => (memberId ? { ...rest, memberId } : []));
    if (earned.length === 0) return;
    const enrolments = await tx.findBy(EnrolmentEntity, {
      accountId: In(earned.map(({ accountId }) => accountId)),
      memberId: In(earned.map(({ memberId }) => memberId)),
    });
    const referred = earned.flatMap(({ memberId, redemptionId }) =>
      enrolments
        .filter((enrolment) => enrolment.memberId === memberId)
        .map(({ cardId }) => ({ cardId, memberId, reference: redemptionId })),
    );
    const awards = [...(await this.books.entered(tx, referred, { ofCaller: false })).values()];
    const books = await this.books.open(
      tx,
      awards.map(({ cardId, memberId, seq }) => ({ cardId, memberId, seqs: [seq] })),
      true,
    );
    const now = this.clock.now();
    for (const book of books.values()) book.settle(now);
    for (const award of awards)
      books.get(keyOf(award))!.takeBack(award.seq, systemCause('redemption', `reverse:${award.reference}`));
    await this.books.close(tx, books.values());
  }

  private async enrolled(tx: Transaction, occasions: readonly Occasion[]): Promise<Set<string>> {
    if (occasions.length === 0) return new Set();
    const rows = await tx.findBy(EnrolmentEntity, {
      accountId: In([...new Set(occasions.map(({ accountId }) => accountId))]),
      memberId: In([...new Set(occasions.map(({ memberId }) => memberId))]),
    });
    return new Set(rows.map(keyOf));
  }

  private hear(tx: Transaction, heard: readonly Heard[], reversed: boolean) {
    const once = [...new Map(heard.map((one) => [`${one.accountId} ${one.redemptionId}`, one])).values()];
    return prepared<Heard & { reversed: boolean }>(tx, hearStatement, [
      once.map(({ accountId }) => accountId),
      once.map(({ redemptionId }) => redemptionId),
      once.map(({ memberId }) => memberId),
      reversed,
    ]);
  }
}

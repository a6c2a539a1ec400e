import { Injectable } from '@nestjs/common';
import { PointsNotAwarded, type Card, type FieldError, type MessageContext } from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { Clock, prepared } from '@tearoff/service-kit';
import { In } from 'typeorm';
import { CardEntity, cardOf } from '../cards/card.entity';
import { EnrolmentEntity } from '../enrolments/enrolment.entity';
import { systemCause, type Ledger } from '../ledger/ledger';
import { namesOf } from '../ledger/ledger-events';
import { Ledgers, keyOf, referenceKey } from '../ledger/ledgers';

/** Something by which a member earns on each of these cards that they are on. */
export interface EarningEvent {
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

export interface SeenRedemption {
  accountId: string;
  redemptionId: string;
  memberId: string | null;
}

// Anyone who comes second, the redemption or its reversal, waits here for the first and learns of it.
const seenRedemptionStatement = {
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
    private readonly ledgers: Ledgers,
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

  async award(tx: Transaction, earningEvents: readonly EarningEvent[]): Promise<void> {
    const enrolled = await this.enrolled(tx, earningEvents);
    const due = earningEvents.flatMap((earningEvent) =>
      earningEvent.cards
        .map((card) => ({
          earningEvent,
          cardId: card.id,
          memberId: earningEvent.memberId,
          reference: earningEvent.reference,
        }))
        .filter((one) => enrolled.has(keyOf(one))),
    );
    const ledgers = await this.ledgers.open(tx, due, true);
    const entered = new Set((await this.ledgers.entered(tx, due, { ofCaller: false })).keys());
    const now = this.clock.now();
    const causes = new Map<string, MessageContext | null>();
    for (const ledger of ledgers.values()) ledger.settle(now);
    for (const one of due) {
      const { by, reference, storeId, context, points } = one.earningEvent;
      const ledger = ledgers.get(keyOf(one))!;
      const amount = points(ledger.card, ledger.state.tier);
      if (amount === 0 || !ledger.card.active || entered.has(referenceKey(one))) continue;
      entered.add(referenceKey(one));
      const known = ledger.entries.length;
      ledger.award(amount, { ...systemCause(by, reference), storeId });
      for (const entry of ledger.entries.slice(known)) causes.set(entry.id, context);
    }
    await this.ledgers.close(tx, ledgers.values(), causes);
    await this.publishFaults(tx, due, ledgers);
  }

  /** What could not be reckoned earns nothing, and is told: points that fail to come are otherwise seen by no one. */
  private async publishFaults(
    tx: Transaction,
    due: readonly { earningEvent: EarningEvent; cardId: string; memberId: string }[],
    ledgers: ReadonlyMap<string, Ledger>,
  ): Promise<void> {
    const at = this.clock.now().toISOString();
    const told = due.flatMap(({ earningEvent, cardId, memberId }) => {
      const { card, holder } = ledgers.get(keyOf({ cardId, memberId }))!;
      const faults = card.active && earningEvent.faults ? earningEvent.faults(card) : [];
      return faults.map(({ path, message }) => ({
        item: {
          accountId: earningEvent.accountId,
          cardId,
          memberId,
          eventId: earningEvent.reference,
          path,
          message,
          ...namesOf(holder),
          at,
        },
        context: earningEvent.context,
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
  async heard(tx: Transaction, redemptions: readonly SeenRedemption[]): Promise<Set<string>> {
    const rows = await this.recordSeen(tx, redemptions, false);
    return new Set(rows.filter(({ reversed }) => reversed).map(({ redemptionId }) => redemptionId));
  }

  /** Takes back what these redemptions earned. */
  async reverse(tx: Transaction, redemptions: readonly Omit<SeenRedemption, 'memberId'>[]): Promise<void> {
    const rows = await this.recordSeen(
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
    const awards = [...(await this.ledgers.entered(tx, referred, { ofCaller: false })).values()];
    const ledgers = await this.ledgers.open(
      tx,
      awards.map(({ cardId, memberId, seq }) => ({ cardId, memberId, seqs: [seq] })),
      true,
    );
    const now = this.clock.now();
    for (const ledger of ledgers.values()) ledger.settle(now);
    for (const award of awards)
      ledgers.get(keyOf(award))!.takeBack(award.seq, systemCause('redemption', `reverse:${award.reference}`));
    await this.ledgers.close(tx, ledgers.values());
  }

  private async enrolled(tx: Transaction, earningEvents: readonly EarningEvent[]): Promise<Set<string>> {
    if (earningEvents.length === 0) return new Set();
    const rows = await tx.findBy(EnrolmentEntity, {
      accountId: In([...new Set(earningEvents.map(({ accountId }) => accountId))]),
      memberId: In([...new Set(earningEvents.map(({ memberId }) => memberId))]),
    });
    return new Set(rows.map(keyOf));
  }

  private recordSeen(tx: Transaction, heard: readonly SeenRedemption[], reversed: boolean) {
    const once = [...new Map(heard.map((one) => [`${one.accountId} ${one.redemptionId}`, one])).values()];
    return prepared<SeenRedemption & { reversed: boolean }>(tx, seenRedemptionStatement, [
      once.map(({ accountId }) => accountId),
      once.map(({ redemptionId }) => redemptionId),
      once.map(({ memberId }) => memberId),
      reversed,
    ]);
  }
}

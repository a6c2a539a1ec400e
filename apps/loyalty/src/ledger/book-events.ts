import { Injectable } from '@nestjs/common';
import {
  newId,
  PointsAwarded,
  PointsExpired,
  PointsSpent,
  RewardGranted,
  TierChanged,
  type ItemOf,
  type Member,
  type MessageContext,
  type PointsMovedItem,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { orderOf, RewardIssueEntity } from '../rewards/reward-issue.entity';
import type { Book, Entry } from './book';

type Contexts = ReadonlyMap<string, MessageContext | null>;

/** Tells what books have entered, with the transaction that writes them down. */
@Injectable()
export class BookEvents {
  constructor(private readonly outbox: Outbox) {}

  async tell(
    tx: Transaction,
    books: readonly Book[],
    members: ReadonlyMap<string, Member>,
    contexts: Contexts,
  ): Promise<void> {
    const entries = books.flatMap((book) => book.entries);
    const told = { contexts, members };
    await this.moved(
      tx,
      PointsAwarded,
      entries.filter(({ kind, amount }) => kind !== 'expire' && amount > 0),
      told,
    );
    await this.moved(
      tx,
      PointsSpent,
      entries.filter(({ kind, amount }) => kind !== 'expire' && amount < 0),
      told,
    );
    await this.moved(
      tx,
      PointsExpired,
      entries.filter(({ kind }) => kind === 'expire'),
      told,
    );
    const changes = books.flatMap((book) =>
      book.tierChanges.map((change) => tierItem(book, change, members)),
    );
    if (changes.length > 0) await this.outbox.add(tx, TierChanged, changes);
    await this.order(tx, books, members);
  }

  private async moved(
    tx: Transaction,
    event: typeof PointsAwarded,
    entries: readonly Entry[],
    { contexts, members }: { contexts: Contexts; members: ReadonlyMap<string, Member> },
  ): Promise<void> {
    if (entries.length === 0) return;
    await this.outbox.add(
      tx,
      event,
      entries.map((entry) => movedItem(entry, members)),
      { contexts: entries.map(({ id }) => contexts.get(id) ?? null) },
    );
  }

  private async order(
    tx: Transaction,
    books: readonly Book[],
    members: ReadonlyMap<string, Member>,
  ): Promise<void> {
    const issues = books.flatMap((book) =>
      book.grants.map(({ rewardIssueId, reward, reference, channel, at }): RewardIssueEntity => ({
        accountId: book.standing.accountId,
        id: rewardIssueId,
        cardId: book.standing.cardId,
        memberId: book.standing.memberId,
        rewardId: reward.id,
        name: reward.name,
        cost: String(reward.cost),
        campaignId: reward.campaignId,
        couponId: newId('coupon'),
        channel: channel ?? reward.channel,
        status: 'granted',
        reason: null,
        reference,
        at,
      })),
    );
    if (issues.length === 0) return;
    await tx
      .createQueryBuilder()
      .insert()
      .into(RewardIssueEntity)
      .values(issues)
      .updateEntity(false)
      .execute();
    const orders = issues.map((issue) => orderOf(issue, members.get(issue.memberId)));
    await this.outbox.add(tx, RewardGranted, orders);
  }
}

const namesIn = (members: ReadonlyMap<string, Member>, memberId: string) => {
  const { phone = null, email = null, externalId = null } = members.get(memberId) ?? {};
  return { phone, email, externalId };
};

const movedItem = (entry: Entry, members: ReadonlyMap<string, Member>): PointsMovedItem => ({
  entryId: entry.id,
  accountId: entry.accountId,
  cardId: entry.cardId,
  memberId: entry.memberId,
  points: Math.abs(entry.amount),
  balance: entry.balance,
  reference: entry.reference,
  reason: entry.reason,
  ...namesIn(members, entry.memberId),
  at: entry.at,
});

const tierItem = (
  { standing: { accountId, cardId, memberId } }: Book,
  { from, to, at }: Book['tierChanges'][number],
  members: ReadonlyMap<string, Member>,
): ItemOf<typeof TierChanged> => ({
  accountId,
  cardId,
  memberId,
  from,
  to,
  ...namesIn(members, memberId),
  at: at.toISOString(),
});

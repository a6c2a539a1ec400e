import { Injectable } from '@nestjs/common';
import {
  newId,
  PointsAwarded,
  PointsExpired,
  PointsSpent,
  RewardGranted,
  TierChanged,
  type ItemOf,
  type MessageContext,
  type PointsMovedItem,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { orderOf, RewardIssueEntity } from '../rewards/reward-issue.entity';
import type { Ledger, Entry, Grant, Holder } from './ledger';

type Contexts = ReadonlyMap<string, MessageContext | null>;
interface Movement {
  entry: Entry;
  holder: Holder;
}

/** Says what ledgers have entered, with the transaction that writes them down. */
@Injectable()
export class LedgerEvents {
  constructor(private readonly outbox: Outbox) {}

  async tell(tx: Transaction, ledgers: readonly Ledger[], contexts: Contexts): Promise<void> {
    const entries = ledgers.flatMap((ledger) =>
      ledger.entries.map((entry) => ({ entry, holder: ledger.holder })),
    );
    const those = (is: (entry: Entry) => boolean): Movement[] => entries.filter(({ entry }) => is(entry));
    const awarded = those(({ kind, amount }) => kind !== 'expire' && amount > 0);
    const spent = those(({ kind, amount }) => kind !== 'expire' && amount < 0);
    await this.moved(tx, PointsAwarded, awarded, contexts);
    await this.moved(tx, PointsSpent, spent, contexts);
    await this.moved(
      tx,
      PointsExpired,
      those(({ kind }) => kind === 'expire'),
      contexts,
    );
    const changes = ledgers.flatMap((ledger) => ledger.tierChanges.map((change) => tierItem(ledger, change)));
    if (changes.length > 0) await this.outbox.add(tx, TierChanged, changes);
    await this.order(tx, ledgers);
  }

  private async moved(
    tx: Transaction,
    event: typeof PointsAwarded,
    movements: readonly Movement[],
    contexts: Contexts,
  ): Promise<void> {
    if (movements.length === 0) return;
    await this.outbox.add(tx, event, movements.map(movedItem), {
      contexts: movements.map(({ entry }) => contexts.get(entry.id) ?? null),
    });
  }

  private async order(tx: Transaction, ledgers: readonly Ledger[]): Promise<void> {
    const orders = ledgers.flatMap((ledger) =>
      ledger.grants.map((grant) => ({ issue: issueOf(ledger, grant), holder: ledger.holder })),
    );
    if (orders.length === 0) return;
    await tx
      .createQueryBuilder()
      .insert()
      .into(RewardIssueEntity)
      .values(orders.map(({ issue }) => issue))
      .updateEntity(false)
      .execute();
    await this.outbox.add(
      tx,
      RewardGranted,
      orders.map(({ issue, holder }) => orderOf(issue, holder)),
    );
  }
}

const issueOf = (
  { state: { accountId, cardId, memberId } }: Ledger,
  { rewardIssueId, reward, reference, channel, at }: Grant,
): RewardIssueEntity => ({
  accountId,
  id: rewardIssueId,
  cardId,
  memberId,
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
});

export const namesOf = ({ phone, email, externalId }: Holder) => ({ phone, email, externalId });

const movedItem = ({ entry, holder }: Movement): PointsMovedItem => ({
  entryId: entry.id,
  accountId: entry.accountId,
  cardId: entry.cardId,
  memberId: entry.memberId,
  points: Math.abs(entry.amount),
  balance: entry.balance,
  reference: entry.reference,
  reason: entry.reason,
  ...namesOf(holder),
  at: entry.at,
});

const tierItem = (
  { state: { accountId, cardId, memberId }, holder }: Ledger,
  { from, to, at }: Ledger['tierChanges'][number],
): ItemOf<typeof TierChanged> => ({
  accountId,
  cardId,
  memberId,
  from,
  to,
  ...namesOf(holder),
  at: at.toISOString(),
});

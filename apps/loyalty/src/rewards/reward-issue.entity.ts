import type { RewardIssue, RewardOrder } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Holder } from '../ledger/ledger';

/** A reward that was bought, as it was then. `reference`: the asker's, who is told the same one again. */
@Entity('reward_issue')
@Index('reward_issue_coupon', ['accountId', 'couponId'], { unique: true })
@Index('reward_issue_reference', ['cardId', 'memberId', 'reference'], {
  unique: true,
  where: '(reference IS NOT NULL)',
})
@Index('reward_issue_of_member', ['cardId', 'memberId', 'id'])
export class RewardIssueEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'card_id', collation: 'C' }) cardId: string;
  @Column({ type: 'text', name: 'member_id', collation: 'C' }) memberId: string;
  @Column({ type: 'text', name: 'reward_id', collation: 'C' }) rewardId: string;
  @Column('text') name: string;
  @Column('bigint') cost: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column({ type: 'text', name: 'coupon_id', collation: 'C' }) couponId: string;
  @Column({ type: 'text', collation: 'C' }) channel: RewardOrder['channel'];
  @Column({ type: 'text', collation: 'C' }) status: RewardIssue['status'];
  @Column({ type: 'text', collation: 'C', nullable: true }) reason: string | null;
  @Column({ type: 'text', collation: 'C', nullable: true }) reference: string | null;
  @Column('timestamptz') at: Date;
}

export const rewardIssueOf = (row: RewardIssueEntity): RewardIssue => ({
  id: row.id,
  accountId: row.accountId,
  cardId: row.cardId,
  memberId: row.memberId,
  rewardId: row.rewardId,
  name: row.name,
  cost: Number(row.cost),
  campaignId: row.campaignId,
  couponId: row.couponId,
  status: row.status,
  reason: row.reason,
  at: row.at.toISOString(),
});

export const orderOf = (row: RewardIssueEntity, holder: Holder): RewardOrder => ({
  rewardIssueId: row.id,
  accountId: row.accountId,
  couponId: row.couponId,
  campaignId: row.campaignId,
  recipient: {
    ...(holder.phone && { phone: holder.phone }),
    ...(holder.email && { email: holder.email }),
    ...(holder.externalId && { externalId: holder.externalId }),
    ...(holder.firstName && { firstName: holder.firstName }),
    ...(holder.lastName && { lastName: holder.lastName }),
    ...(holder.languageCode && { languageCode: holder.languageCode }),
  },
  channel: row.channel,
});

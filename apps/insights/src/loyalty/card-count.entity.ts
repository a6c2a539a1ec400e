import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What happened on a card in a quarter of an hour; history of our own. A quarter is within one day of any zone. */
@Entity('card_count')
export class CardCountEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', name: 'card_id', collation: 'C' }) cardId: string;
  @PrimaryColumn('timestamptz') quarter: Date;
  @Column('bigint', { name: 'members_enrolled', default: 0 }) membersEnrolled: string;
  @Column('bigint', { name: 'points_awarded', default: 0 }) pointsAwarded: string;
  @Column('bigint', { name: 'points_spent', default: 0 }) pointsSpent: string;
  @Column('bigint', { name: 'points_expired', default: 0 }) pointsExpired: string;
  @Column('bigint', { name: 'rewards_issued', default: 0 }) rewardsIssued: string;
}

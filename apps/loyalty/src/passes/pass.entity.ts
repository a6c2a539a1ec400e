import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a wallet holds of us: one for each coupon and each member's card that was asked for. */
@Entity('pass')
@Index('pass_of_member', ['cardId', 'memberId'], { unique: true })
@Index('pass_of_card', ['cardId', 'id'])
@Index('pass_of_campaign', ['campaignId', 'id'])
export class PassEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Index('pass_of_coupon', { unique: true })
  @Column({ type: 'text', name: 'coupon_id', collation: 'C', nullable: true })
  couponId: string | null;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C', nullable: true }) campaignId: string | null;
  @Column({ type: 'text', name: 'card_id', collation: 'C', nullable: true }) cardId: string | null;
  @Column({ type: 'text', name: 'member_id', collation: 'C', nullable: true }) memberId: string | null;
  @Column({ type: 'text', name: 'page_token', collation: 'C' }) pageToken: string;
  @Column({ type: 'text', name: 'auth_token', collation: 'C' }) authToken: string;
  @Column({ type: 'text', nullable: true }) message: string | null;
  @Column('timestamptz', { name: 'changed_at' }) changedAt: Date;
  @Column('boolean', { default: false }) served: boolean;
  /** When time alone changes it next. */
  @Column('timestamptz', { name: 'turns_at', nullable: true }) turnsAt: Date | null;
  @Column('timestamptz', { name: 'erased_at', nullable: true }) erasedAt: Date | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
}

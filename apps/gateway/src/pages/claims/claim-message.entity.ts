import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A message that a public claim brought out, by what it leads to, and whether anyone followed it. */
@Entity('claim_message')
@Index('claim_message_served', ['campaignId', 'servedAt'])
export class ClaimMessageEntity {
  /** A coupon's, a passcode's, or that of a game's player. */
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column('timestamptz', { name: 'served_at', default: () => 'now()' }) servedAt: Date;
  @Column('timestamptz', { name: 'opened_at', nullable: true }) openedAt: Date | null;
}

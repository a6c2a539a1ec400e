import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One redemption. Without a channel only its reversal has been heard of. `currency`: null = no basket was told. */
@Entity('redemption_fact')
@Index('redemption_fact_coupon', ['accountId', 'generation', 'couponId'])
@Index('redemption_fact_campaign', ['accountId', 'generation', 'campaignId'])
export class RedemptionFactEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn('int') generation: number;
  @PrimaryColumn({ type: 'text', name: 'redemption_id', collation: 'C' }) redemptionId: string;
  @Column({ type: 'text', name: 'coupon_id', collation: 'C' }) couponId: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column({ type: 'text', name: 'store_id', collation: 'C', nullable: true }) storeId: string | null;
  @Column({ type: 'text', collation: 'C', nullable: true }) channel: string | null;
  @Column({ type: 'text', collation: 'C', nullable: true }) currency: string | null;
  @Column('bigint', { nullable: true }) revenue: string | null;
  @Column('bigint', { nullable: true }) discount: string | null;
  @Column('timestamptz', { name: 'redeemed_at' }) redeemedAt: Date;
  @Column('timestamptz', { name: 'reversed_at', nullable: true }) reversedAt: Date | null;
}

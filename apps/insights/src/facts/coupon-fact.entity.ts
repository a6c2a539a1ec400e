import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * All that reports ask of one coupon. Without `issued_at` it is a stub: something was told of a coupon whose issue
 * has not been heard of yet. Store, channel and money are those of the redemption that stands; where none does,
 * `redeemed_at` and money are null, store and channel the last one's.
 */
@Entity('coupon_fact')
@Index('coupon_fact_campaign', ['accountId', 'generation', 'campaignId'])
export class CouponFactEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn('int') generation: number;
  @PrimaryColumn({ type: 'text', name: 'coupon_id', collation: 'C' }) couponId: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column({ type: 'text', collation: 'C', default: '' }) source: string;
  @Column('timestamptz', { name: 'issued_at', nullable: true }) issuedAt: Date | null;
  @Column('boolean', { default: false }) sent: boolean;
  @Column('boolean', { default: false }) delivered: boolean;
  @Column('timestamptz', { name: 'opened_at', nullable: true }) openedAt: Date | null;
  @Column('timestamptz', { name: 'voided_at', nullable: true }) voidedAt: Date | null;
  @Column('timestamptz', { name: 'redeemed_at', nullable: true }) redeemedAt: Date | null;
  @Column({ type: 'text', name: 'store_id', collation: 'C', nullable: true }) storeId: string | null;
  @Column({ type: 'text', collation: 'C', nullable: true }) channel: string | null;
  @Column({ type: 'text', collation: 'C', nullable: true }) currency: string | null;
  @Column('bigint', { nullable: true }) revenue: string | null;
  @Column('bigint', { nullable: true }) discount: string | null;
  @Column('int', { default: 0 }) reversals: number;
}

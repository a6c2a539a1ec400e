import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A coupon that a public claim brought into the world, and whether anybody has looked at it. */
@Entity('claimed_coupon')
@Index('claimed_coupon_served', ['campaignId', 'servedAt'])
export class ClaimedCouponEntity {
  @PrimaryColumn('text', { name: 'coupon_id', collation: 'C' }) couponId: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column('timestamptz', { name: 'served_at', default: () => 'now()' }) servedAt: Date;
  @Column('timestamptz', { name: 'opened_at', nullable: true }) openedAt: Date | null;
}

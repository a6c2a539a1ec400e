import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a coupon's page was first opened: told by events alone, so it is history of our own that no rebuild drops. */
@Entity('face_opening')
export class CouponPageOpeningEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', name: 'coupon_id', collation: 'C' }) couponId: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column('timestamptz', { name: 'opened_at' }) openedAt: Date;
}

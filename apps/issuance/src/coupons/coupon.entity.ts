import type { Channel, Coupon, Recipient } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The last delivery asked for to one address (`to`: E.164 or e-mail). `at`: when notification last told of it. */
export interface KnownDelivery {
  id: string;
  channel: Channel;
  to: string;
  status: string;
  at: string | null;
  /** Asked for by a list, and so sent when the list's turn comes. */
  bulk?: true;
}

@Entity('coupon')
@Index('coupon_code', ['code', 'accountId'], { unique: true })
@Index('coupon_token', ['token'], { unique: true })
@Index('coupon_of_campaign', ['campaignId', 'id'])
export class CouponEntity {
  @PrimaryColumn('text', { name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  /** Normalised: the form that is unique and looked up. */
  @Column({ type: 'text', collation: 'C' }) code: string;
  /** As imported, where that differs. */
  @Column({ type: 'text', name: 'printed_code', collation: 'C', nullable: true }) printedCode: string | null;
  @Column({ type: 'text', collation: 'C' }) token: string;
  @Column('jsonb') recipient: Recipient;
  @Column({ type: 'text', name: 'offer_id', collation: 'C', nullable: true }) offerId: string | null;
  @Column({ type: 'text', collation: 'C' }) channel: Coupon['channel'];
  @Column({ type: 'jsonb', nullable: true }) source: Coupon['source'];
  @Column({ type: 'jsonb', nullable: true }) metadata: Coupon['metadata'];
  @Column('timestamptz', { name: 'issued_at' }) issuedAt: Date;
  @Column('timestamptz', { name: 'valid_from' }) validFrom: Date;
  @Column('timestamptz', { name: 'own_valid_to', nullable: true }) ownValidTo: Date | null;
  /** At most one an address, the one asked for last at the end. */
  @Column({ type: 'jsonb', default: [] }) deliveries: KnownDelivery[];
  @Column('timestamptz', { name: 'redeemed_at', nullable: true }) redeemedAt: Date | null;
  @Column({ type: 'text', name: 'redeemed_store_id', nullable: true }) redeemedStoreId: string | null;
  /** The instant of the last redemption or reversal heard of: older news changes nothing. */
  @Column('timestamptz', { name: 'redemption_changed_at', nullable: true }) redemptionChangedAt: Date | null;
  @Column('timestamptz', { name: 'voided_at', nullable: true }) voidedAt: Date | null;
}

import type { Basket, Redemption } from '@tearoff/contracts';
import type { ReversedRef } from '../redemptions/reversed-refs';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Numbers, because they are compared and written on the hottest path there is. */
export const couponState = { issued: 0, redeemed: 1, voided: 2 } as const;

/**
 * A code that was given out, and whether it is spent: the truth of it. `code` is normalised, `printedCode` the
 * form on the coupon where that differs. `validFrom` is null when the coupon was good from its issue.
 * `changedAt` is the instant of the last redemption, reversal or withdrawal; the next one is always later.
 * The `reserved…` columns are what the till said when it reserved, until the reservation is used up.
 */
@Entity('coupon')
@Index('coupon_reservation', ['reservationId'], { where: 'reservation_id is not null' })
export class CouponEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) code: string;
  @Column({ type: 'text', name: 'printed_code', collation: 'C', nullable: true }) printedCode: string | null;
  @Column({ type: 'text', name: 'coupon_id', collation: 'C' }) couponId: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column({ type: 'text', name: 'offer_id', collation: 'C', nullable: true }) offerId: string | null;
  @Column('timestamptz', { name: 'issued_at' }) issuedAt: Date;
  @Column('timestamptz', { name: 'valid_from', nullable: true }) validFrom: Date | null;
  @Column('timestamptz', { name: 'own_valid_to', nullable: true }) ownValidTo: Date | null;
  @Column('smallint', { default: 0 }) state: number;
  @Column('timestamptz', { name: 'changed_at', nullable: true }) changedAt: Date | null;
  @Column({ type: 'text', name: 'redemption_id', collation: 'C', nullable: true }) redemptionId:
    string | null;
  @Column('timestamptz', { name: 'redeemed_at', nullable: true }) redeemedAt: Date | null;
  @Column({ type: 'text', name: 'redeemed_store_id', collation: 'C', nullable: true }) redeemedStoreId:
    string | null;
  @Column({ type: 'text', name: 'redeemed_channel', collation: 'C', nullable: true }) redeemedChannel:
    string | null;
  @Column({ type: 'text', name: 'redeemed_ref', collation: 'C', nullable: true }) redeemedRef: string | null;
  @Column('timestamptz', { name: 'voided_at', nullable: true }) voidedAt: Date | null;
  @Column({ type: 'text', name: 'void_reason', nullable: true }) voidReason: string | null;
  @Column({ type: 'text', name: 'reservation_id', collation: 'C', nullable: true }) reservationId:
    string | null;
  @Column('timestamptz', { name: 'reserved_until', nullable: true }) reservedUntil: Date | null;
  @Column({ type: 'text', name: 'reserved_store_id', collation: 'C', nullable: true }) reservedStoreId:
    string | null;
  @Column({ type: 'text', name: 'reserved_terminal_id', collation: 'C', nullable: true }) reservedTerminalId:
    string | null;
  @Column({ type: 'text', name: 'reserved_channel', collation: 'C', nullable: true }) reservedChannel:
    Redemption['channel'] | null;
  @Column('json', { name: 'reserved_basket', nullable: true }) reservedBasket: Basket | null;
  @Column('jsonb', { name: 'reversed_refs', nullable: true }) reversedRefs: ReversedRef[] | null;
}

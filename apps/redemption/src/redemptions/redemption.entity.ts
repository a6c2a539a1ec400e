import type { AppliedDiscount, Basket, Redemption } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One time that a coupon was spent; reversed or not, it stays. */
@Entity('redemption')
@Index('redemption_code', ['accountId', 'code', 'id'])
@Index('redemption_campaign', ['accountId', 'campaignId', 'id'])
@Index('redemption_store', ['accountId', 'storeId', 'id'], { where: 'store_id is not null' })
@Index('redemption_transaction', ['accountId', 'transactionRef', 'id'], {
  where: 'transaction_ref is not null',
})
export class RedemptionEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', collation: 'C' }) code: string;
  @Column({ type: 'text', name: 'printed_code', collation: 'C', nullable: true }) printedCode: string | null;
  @Column({ type: 'text', name: 'coupon_id', collation: 'C' }) couponId: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column({ type: 'text', name: 'store_id', collation: 'C', nullable: true }) storeId: string | null;
  @Column({ type: 'text', name: 'terminal_id', collation: 'C', nullable: true }) terminalId: string | null;
  @Column({ type: 'text', collation: 'C' }) channel: Redemption['channel'];
  @Column({ type: 'text', name: 'transaction_ref', collation: 'C', nullable: true }) transactionRef:
    string | null;
  @Column({ type: 'text', name: 'reservation_id', collation: 'C', nullable: true }) reservationId:
    string | null;
  @Column('json', { nullable: true }) basket: Basket | null;
  @Column('jsonb', { nullable: true }) discount: AppliedDiscount | null;
  @Column('timestamptz', { name: 'redeemed_at' }) redeemedAt: Date;
  @Column('timestamptz', { name: 'reversed_at', nullable: true }) reversedAt: Date | null;
  @Column({ type: 'text', name: 'reverse_reason', nullable: true }) reverseReason: string | null;
}

export const redemptionView = (row: RedemptionEntity): Redemption => ({
  id: row.id,
  accountId: row.accountId,
  code: row.printedCode ?? row.code,
  couponId: row.couponId,
  campaignId: row.campaignId,
  storeId: row.storeId,
  terminalId: row.terminalId,
  channel: row.channel,
  transactionRef: row.transactionRef,
  basket: row.basket,
  discount: row.discount,
  redeemedAt: row.redeemedAt.toISOString(),
  reversedAt: row.reversedAt?.toISOString() ?? null,
  reverseReason: row.reverseReason,
});

import type { Channel, RequestOf, IssueCoupon } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

type Issue = RequestOf<typeof IssueCoupon>;

/** What they agreed to, and where. */
export interface Agreement {
  how: 'claim_page' | 'widget' | 'api';
  text: string;
}

/** A claim as it was taken, kept until it is served and two days beyond. `kind: 'passcode'`: a code to be sent first. */
@Entity('claim')
@Index('claim_waiting', ['availableAt'], { where: `status = 'waiting'` })
@Index('claim_sent', ['campaignId', 'address', 'sentAt'], { where: 'sent_at is not null' })
export class ClaimEntity {
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C' }) campaignId: string;
  @Column({ type: 'text', collation: 'C' }) kind: 'coupon' | 'passcode';
  @Column({ type: 'text', collation: 'C' }) channel: Channel;
  /** E.164, or a folded e-mail address. */
  @Column({ type: 'text', collation: 'C' }) address: string;
  @Column('jsonb') recipient: Issue['recipient'];
  @Column({ type: 'text', name: 'offer_id', nullable: true }) offerId: string | null;
  @Column({ type: 'jsonb', nullable: true }) source: Issue['source'] | null;
  @Column({ type: 'jsonb', nullable: true }) consent: Agreement | null;
  @Column({ type: 'text', name: 'passcode_id', nullable: true, collation: 'C' }) passcodeId: string | null;
  /** Of a passcode: the message, with `{code}` where the code goes. */
  @Column({ type: 'text', nullable: true }) text: string | null;
  @Column({ type: 'text', collation: 'C', default: 'waiting' }) status: 'waiting' | 'served' | 'refused';
  @Column('int', { default: 0 }) attempts: number;
  @Column('timestamptz', { name: 'available_at', default: () => 'now()' }) availableAt: Date;
  /** When this claim sent, or was about to send, a message to the address. */
  @Column('timestamptz', { name: 'sent_at', nullable: true }) sentAt: Date | null;
  @Column({ type: 'text', name: 'coupon_id', nullable: true, collation: 'C' }) couponId: string | null;
  @Column('text', { nullable: true }) reason: string | null;
}

import type { Channel, Delivery, DeliveryStatus } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Barcode } from '../rendering/barcode';

export const replyKinds = ['stop', 'help'] as const;
export type ReplyKind = (typeof replyKinds)[number];

/** One message to one address. No index holds `status`: it changes twice a message, and would cost the HOT updates. */
@Entity('delivery')
@Index('delivery_account', ['accountId', 'id'])
@Index('delivery_address', ['address'])
@Index('delivery_campaign', ['campaignId', 'id'])
@Index('delivery_coupon', ['couponId', 'id'])
export class DeliveryEntity {
  /** Given by issuance: it names the delivery before notification has heard of it. */
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', name: 'coupon_id', collation: 'C', nullable: true }) couponId: string | null;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C', nullable: true }) campaignId: string | null;
  @Column({ type: 'text', collation: 'C' }) channel: Channel;
  @Column({ type: 'text', collation: 'C' }) address: string;
  @Column({ type: 'text', collation: 'C' }) status: DeliveryStatus;
  /** Of a list: goes by the queues of lists, after those that someone waits for, and not in quiet hours. */
  @Column('boolean', { default: false }) bulk: boolean;
  @Column('int', { default: 0 }) attempts: number;
  /** Why the last attempt failed. */
  @Column('text', { nullable: true }) error: string | null;
  /** What is odd about a message that goes out all the same: a template that could not be rendered. */
  @Column('text', { nullable: true }) warning: string | null;
  @Column('text', { nullable: true }) provider: string | null;
  @Column('text', { name: 'provider_message_id', nullable: true }) providerMessageId: string | null;
  @Column('int', { nullable: true }) segments: number | null;
  /** The keyword of theirs that this answers; it is sent although they are suppressed. */
  @Column({ type: 'text', collation: 'C', nullable: true }) reply: ReplyKind | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
  /** When its work item is (or was) to be had from the queue; what is overdue has lost its item. */
  @Column('timestamptz', { name: 'due_at', default: () => 'now()' }) dueAt: Date;
  /** When a worker took it; null unless `sending`. */
  @Column('timestamptz', { name: 'sending_since', nullable: true }) sendingSince: Date | null;
  @Column('timestamptz', { name: 'sent_at', nullable: true }) sentAt: Date | null;
  @Column('timestamptz', { name: 'delivered_at', nullable: true }) deliveredAt: Date | null;
}

/**
 * The rendered message of a delivery that is not settled yet. Apart, because a delivery is updated twice and
 * each update would write all of it again; gone once settled, because it holds what opens the coupon.
 */
@Entity('message')
export class MessageEntity {
  @PrimaryColumn({ type: 'text', name: 'delivery_id', collation: 'C' }) deliveryId: string;
  @Column('text', { nullable: true }) subject: string | null;
  @Column('text') text: string;
  @Column('text', { nullable: true }) html: string | null;
  /** That the HTML shows; drawn when it is sent. */
  @Column('jsonb', { nullable: true }) barcode: Barcode | null;
}

export const deliveryView = (row: DeliveryEntity): Delivery => ({
  id: row.id,
  accountId: row.accountId,
  couponId: row.couponId,
  campaignId: row.campaignId,
  channel: row.channel,
  to: row.address,
  status: row.status,
  attempts: row.attempts,
  error: row.error ?? row.warning,
  provider: row.provider,
  providerMessageId: row.providerMessageId,
  segments: row.segments,
  createdAt: row.createdAt.toISOString(),
  sentAt: row.sentAt?.toISOString() ?? null,
  deliveredAt: row.deliveredAt?.toISOString() ?? null,
});

import type { WebhookAttempt, webhookAttemptStatuses } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One message to one webhook. */
@Entity('webhook_attempt')
@Index('webhook_attempt_webhook', ['webhookId', 'id'])
@Index('webhook_attempt_due', ['webhookId', 'dueAt'], { where: `status = 'pending'` })
export class WebhookAttemptEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', name: 'webhook_id', collation: 'C' }) webhookId: string;
  @Column({ type: 'text', collation: 'C' }) event: string;
  /** The very bytes that are signed and sent. */
  @Column('text') body: string;
  @Column({ type: 'text', collation: 'C', default: 'pending' })
  status: (typeof webhookAttemptStatuses)[number];
  /** Grows with each try, so that it distinguishes who may say how the latest one ended. */
  @Column('int', { default: 0 }) tries: number;
  /** Of these, how many were before it was last replayed: its schedule began again then. */
  @Column('int', { name: 'tries_before', default: 0 }) triesBefore: number;
  @Column('timestamptz', { name: 'due_at', default: () => 'now()' }) dueAt: Date;
  /** Until then it belongs to the worker that took it. */
  @Column('timestamptz', { name: 'lease_until', nullable: true }) leaseUntil: Date | null;
  @Column('jsonb', { default: [] }) history: WebhookAttempt['history'];
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { name: 'settled_at', nullable: true }) settledAt: Date | null;
}

export const attemptView = (row: WebhookAttemptEntity): WebhookAttempt => ({
  id: row.id,
  webhookId: row.webhookId,
  event: row.event,
  status: row.status,
  nextTryAt: row.status === 'pending' ? row.dueAt.toISOString() : null,
  tries: row.tries,
  history: row.history,
  createdAt: row.createdAt.toISOString(),
  settledAt: row.settledAt?.toISOString() ?? null,
});

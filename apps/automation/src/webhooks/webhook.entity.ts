import type { Webhook, webhookStatuses } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A secret that signs as well until then. */
export interface EarlierSecret {
  secret: string;
  until: string;
}

/** Where an account wants to be told, of what, and the secrets that sign it: kept as they are, since they must sign. */
@Entity('webhook')
@Index('webhook_account', ['accountId', 'id'])
export class WebhookEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column('text') url: string;
  @Column('jsonb') events: string[];
  @Column({ type: 'text', collation: 'C', default: 'active' }) status: (typeof webhookStatuses)[number];
  @Column('text', { nullable: true }) note: string | null;
  @Column('text') secret: string;
  @Column('text', { name: 'previous_secret', nullable: true }) previousSecret: string | null;
  @Column('timestamptz', { name: 'previous_until', nullable: true }) previousUntil: Date | null;
  /** Of those before the previous one; what is over goes with the next rotation. */
  @Column('jsonb', { name: 'earlier_secrets', default: [] }) earlierSecrets: EarlierSecret[];
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
}

export const webhookView = (row: WebhookEntity): Webhook => ({
  id: row.id,
  accountId: row.accountId,
  url: row.url,
  events: row.events,
  status: row.status,
  note: row.note,
  previousSecretUntil:
    row.previousUntil && row.previousUntil > new Date() ? row.previousUntil.toISOString() : null,
  createdAt: row.createdAt.toISOString(),
});

import type { Channel, SandboxMessage } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** What the sandbox provider "sent". One row a delivery: that is what makes sending it again harmless. */
@Entity('sandbox_message')
@Index('sandbox_message_delivery', ['deliveryId'], { unique: true })
@Index('sandbox_message_recipient', ['recipient', 'id'])
export class SandboxMessageEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column({ type: 'text', name: 'delivery_id', collation: 'C' }) deliveryId: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', collation: 'C' }) channel: Channel;
  @Column({ type: 'text', collation: 'C' }) recipient: string;
  @Column('text') sender: string;
  @Column('text', { nullable: true }) subject: string | null;
  @Column('text') text: string;
  @Column('text', { nullable: true }) html: string | null;
  @Column('json') headers: Record<string, string>;
  @Column('timestamptz', { default: () => 'now()' }) at: Date;
}

export const sandboxMessageView = (row: SandboxMessageEntity): SandboxMessage => ({
  id: row.id,
  deliveryId: row.deliveryId,
  channel: row.channel,
  to: row.recipient,
  from: row.sender,
  subject: row.subject,
  text: row.text,
  html: row.html,
  headers: row.headers,
  at: row.at.toISOString(),
});

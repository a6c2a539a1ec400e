import type { ContactInput } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An event as it was told; kept for 90 days. */
@Entity('event')
@Index('event_contact', ['contactId', 'id'], { where: 'contact_id is not null' })
export class EventEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', collation: 'C' }) type: string;
  @Column({ type: 'text', collation: 'C' }) key: string;
  @Column({ type: 'text', name: 'contact_id', collation: 'C', nullable: true }) contactId: string | null;
  @Column('json', { nullable: true }) contact: ContactInput | null;
  @Column('json') params: Record<string, unknown>;
  @Column('timestamptz') at: Date;
}

/** Which event had a key first. Kept for good. */
@Entity('event_key')
export class EventKeyEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) type: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) key: string;
  @Column({ type: 'text', name: 'event_id', collation: 'C' }) eventId: string;
}

@Entity('event_type')
export class EventTypeEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) type: string;
  @Column('text', { name: 'required_params', array: true, default: [] }) requiredParams: string[];
  @Column('bigint', { default: 0 }) count: string;
  @Column('timestamptz', { name: 'first_seen_at', default: () => 'now()' }) firstSeenAt: Date;
  @Column('timestamptz', { name: 'last_seen_at', nullable: true }) lastSeenAt: Date | null;
}

import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** Entities of the three tables, for the test that compares a service's schema with its entities. */
@Entity('outbox')
@Index('outbox_due', ['availableAt', 'seq'])
export class OutboxEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) seq: string;
  @Column({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', collation: 'C' }) type: string;
  @Column('json') data: unknown;
  @Column({ type: 'text', collation: 'C', nullable: true }) account: string | null;
  @Column({ type: 'text', collation: 'C', nullable: true }) queue: string | null;
  @Column('int', { default: 1 }) attempt: number;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { name: 'available_at', default: () => 'now()' }) availableAt: Date;
  /** The claim that holds the row, and when its lease ends: see outbox-claim.ts. */
  @Column('uuid', { name: 'locked_by', nullable: true }) lockedBy: string | null;
  @Column('timestamptz', { name: 'locked_until', nullable: true }) lockedUntil: Date | null;
}

@Entity('inbox')
@Index('inbox_handled_at', { synchronize: false })
export class InboxEntity {
  @PrimaryColumn({ type: 'text', name: 'event_id', collation: 'C' }) eventId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) queue: string;
  @PrimaryColumn('int') attempt: number;
  @Column('timestamptz', { name: 'handled_at', default: () => 'now()' }) handledAt: Date;
}

@Entity('dead_letter')
export class DeadLetterEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column({ type: 'text', collation: 'C' }) queue: string;
  @Column({ type: 'text', name: 'event_id', collation: 'C', nullable: true }) eventId: string | null;
  @Column({ type: 'text', collation: 'C', nullable: true }) type: string | null;
  @Column('text') body: string;
  @Column('text') reason: string;
  @Column('int') attempts: number;
  @Column('timestamptz', { name: 'dead_at', default: () => 'now()' }) deadAt: Date;
}

export const messagingEntities = [OutboxEntity, InboxEntity, DeadLetterEntity];

import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RunEvent } from '../runs/run';

/** A run that goes on when an event of that kind comes by that key. */
@Entity('run_wait')
@Index('run_wait_for', ['accountId', 'event', 'matchKey'])
export class RunWaitEntity {
  @PrimaryColumn({ type: 'text', name: 'run_id', collation: 'C' }) runId: string;
  @PrimaryColumn({ type: 'text', name: 'match_key', collation: 'C' }) matchKey: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', collation: 'C' }) event: string;
  /** The run's turn while it waits. */
  @Column('int') turn: number;
}

/** An event that some workflow of its account waits for, by what it is waited for. */
@Entity('sighting')
export class SeenEventEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) event: string;
  @PrimaryColumn({ type: 'text', name: 'match_key', collation: 'C' }) matchKey: string;
  @Column('timestamptz', { name: 'happened_at', nullable: true }) happenedAt: Date | null;
  @Column('jsonb', { nullable: true }) happening: RunEvent | null;
  @Column('timestamptz', { name: 'touched_at' }) touchedAt: Date;
}

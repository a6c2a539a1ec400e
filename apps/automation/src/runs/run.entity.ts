import type { ContactInput, MessageContext } from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { CurrentStep, Outputs, RunError, RunEvent } from './run';

@Entity('run')
@Index('run_start', ['workflowId', 'startKey'], { unique: true })
@Index('run_workflow', ['workflowId', 'id'])
@Index('run_account', ['accountId', 'id'])
@Index('run_due', ['dueAt'], { where: `status = 'active'` })
export class RunEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', name: 'workflow_id', collation: 'C' }) workflowId: string;
  @Column('int') version: number;
  /** What may start but one run: the happening's id, its key, or its key and period. */
  @Column({ type: 'text', name: 'start_key', collation: 'C' }) startKey: string;
  @Column({ type: 'text', collation: 'C' }) status:
    'active' | 'completed' | 'stopped' | 'failed' | 'cancelled';
  /** Grows with each write; anyone who read an older one has been overtaken. */
  @Column('int', { default: 0 }) turn: number;
  @Column('jsonb') happening: RunEvent;
  @Column('jsonb', { nullable: true }) contact: ContactInput | null;
  /** Of the request that caused what started it: its commands carry it on. */
  @Column('jsonb', { nullable: true }) context: MessageContext | null;
  @Column('jsonb', { default: {} }) outputs: Outputs;
  @Column('jsonb', { nullable: true }) step: CurrentStep | null;
  @Column('jsonb', { nullable: true }) error: RunError | null;
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt: Date | null;
  /** When its work item was last put on a queue. */
  @Column('timestamptz', { name: 'woken_at' }) wokenAt: Date;
  @Column('timestamptz', { name: 'started_at' }) startedAt: Date;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt: Date | null;
}

/** What started a run that is no longer kept: a key counts once for good. */
@Entity('run_key')
export class RunKeyEntity {
  @PrimaryColumn({ type: 'text', name: 'workflow_id', collation: 'C' }) workflowId: string;
  @PrimaryColumn({ type: 'text', name: 'start_key', collation: 'C' }) startKey: string;
}

/** A step that is behind its run. */
@Entity('run_step')
export class RunStepEntity {
  @PrimaryColumn({ type: 'text', name: 'run_id', collation: 'C' }) runId: string;
  @PrimaryColumn('int') seq: number;
  @Column('text') path: string;
  @Column('text', { nullable: true }) name: string | null;
  @Column({ type: 'text', collation: 'C' }) kind: string;
  @Column({ type: 'text', collation: 'C' }) status: 'done' | 'skipped';
  @Column('int') attempts: number;
  @Column('jsonb', { nullable: true }) input: unknown;
  @Column('jsonb', { nullable: true }) output: unknown;
  @Column('jsonb', { nullable: true }) error: RunError | null;
  @Column('timestamptz', { name: 'started_at' }) startedAt: Date;
  @Column('timestamptz', { name: 'finished_at' }) finishedAt: Date;
}

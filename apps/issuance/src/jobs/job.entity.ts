import type {
  Coupon,
  FieldError,
  Job,
  JobWarning,
  MessageContext,
  MessageOverride,
} from '@tearoff/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What holds for all rows of a list. */
export interface ListSettings {
  channel: Coupon['channel'];
  message: MessageOverride | null;
  /** Of rows that name none. */
  source: Coupon['source'];
  /** Of the request that brought the list. */
  context: MessageContext | null;
}

@Entity('job')
@Index('job_unfinished', ['id'], { where: '(finished_at IS NULL)' })
export class JobEntity {
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column({ type: 'text', name: 'campaign_id', collation: 'C', nullable: true }) campaignId: string | null;
  @Column({ type: 'text', collation: 'C' }) kind: Job['kind'];
  @Column({ type: 'text', collation: 'C', default: 'queued' }) status: Job['status'];
  @Column('int', { default: 0 }) done: number;
  @Column('int', { nullable: true }) total: number | null;
  @Column('int', { default: 0 }) failed: number;
  @Column({ type: 'jsonb', default: [] }) errors: FieldError[];
  /** What its owner should know although it succeeded. */
  @Column({ type: 'jsonb', default: [] }) warnings: JobWarning[];
  /** Why it was paused, when no one asked for that. */
  @Column({ type: 'text', nullable: true }) note: string | null;
  /** Of a distribution. */
  @Column({ type: 'jsonb', nullable: true }) list: ListSettings | null;
  /** The chunk of an upload that is expected next. */
  @Column('int', { name: 'next_chunk', default: 0 }) nextChunk: number;
  /** Whether a worker may take it up: an upload only once it was sent whole. */
  @Column('boolean', { default: true }) ready: boolean;
  /** Failures in a row. */
  @Column('int', { default: 0 }) attempts: number;
  /** Who works on it, until its lease runs out. */
  @Column({ type: 'text', collation: 'C', nullable: true }) worker: string | null;
  @Column('timestamptz', { name: 'lease_until', nullable: true }) leaseUntil: Date | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { name: 'touched_at', default: () => 'now()' }) touchedAt: Date;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt: Date | null;
}

export function jobOf(row: JobEntity): Job {
  return {
    id: row.id,
    accountId: row.accountId,
    kind: row.kind,
    campaignId: row.campaignId,
    status: row.status,
    done: row.done,
    total: row.total,
    failed: row.failed,
    errors: row.errors,
    warnings: row.warnings,
    note: row.note,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Definition } from './definition';

/** A definition as it was saved; never changed. */
@Entity('workflow_version')
@Index('workflow_version_account', ['accountId'])
export class WorkflowVersionEntity {
  @PrimaryColumn({ type: 'text', name: 'workflow_id', collation: 'C' }) workflowId: string;
  @PrimaryColumn('int') version: number;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column('jsonb') definition: Definition;
  /** Events that its runs wait for, and by what: `["coupon.redeemed", "couponId"]` as text. */
  @Column('text', { array: true }) waits: string[];
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

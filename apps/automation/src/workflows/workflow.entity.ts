import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('workflow')
@Index('workflow_account', ['accountId', 'id'])
export class WorkflowEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) id: string;
  @Column({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column('text') name: string;
  @Column({ type: 'text', collation: 'C' }) status: 'active' | 'paused';
  @Column('int') version: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * Which generation of an account's read models is shown (`live`), and which is being filled beside it. An account
 * without a row shows generation 1 and was never rebuilt. `beat_at`: the last heartbeat of the process that rebuilds.
 */
@Entity('read_model')
export class ReadModelEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @Column('int', { default: 1 }) live: number;
  @Column('int', { nullable: true }) building: number | null;
  @Column({ type: 'text', collation: 'C' }) state: string;
  @Column('timestamptz', { name: 'requested_at' }) requestedAt: Date;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt: Date | null;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt: Date | null;
  @Column('timestamptz', { name: 'beat_at', nullable: true }) beatAt: Date | null;
  @Column('int', { default: 0 }) campaigns: number;
  @Column('int', { default: 0 }) coupons: number;
  @Column('int', { default: 0 }) redemptions: number;
  @Column('int', { default: 0 }) deliveries: number;
  @Column('text', { nullable: true }) error: string | null;
}

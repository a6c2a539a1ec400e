import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A redemption that was heard of, and whose it was; `reversed` may be heard of first. */
@Entity('earning')
export class EarningEntity {
  @PrimaryColumn({ type: 'text', name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn({ type: 'text', name: 'redemption_id', collation: 'C' }) redemptionId: string;
  @Column({ type: 'text', name: 'member_id', collation: 'C', nullable: true }) memberId: string | null;
  @Column('boolean') reversed: boolean;
}

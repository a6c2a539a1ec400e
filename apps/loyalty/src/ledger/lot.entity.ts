import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * What became of one award, whose entry has the same `seq`: spent oldest first. `expired`: went unspent. `takenBack`: by
 * a reversal, wherever its points were. `counts`: toward a tier.
 */
@Entity('lot')
@Check('lot_remaining_check', 'remaining >= 0')
export class LotEntity {
  @PrimaryColumn({ type: 'text', name: 'card_id', collation: 'C' }) cardId: string;
  @PrimaryColumn({ type: 'text', name: 'member_id', collation: 'C' }) memberId: string;
  @PrimaryColumn('int') seq: number;
  @Column('bigint') amount: string;
  @Column('bigint') remaining: string;
  @Column('bigint', { default: 0 }) expired: string;
  @Column('bigint', { name: 'taken_back', default: 0 }) takenBack: string;
  @Column('timestamptz', { name: 'awarded_at' }) awardedAt: Date;
  @Column('boolean') counts: boolean;
  @Column('timestamptz', { name: 'available_at' }) availableAt: Date;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt: Date | null;
}
